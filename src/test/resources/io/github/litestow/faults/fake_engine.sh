# In litestream's place. Set before: FAKE what is wrong with it, REAL litestream, REPLICA its folder.
if [ "$1" = version ]; then
    echo 0.5.17
    exit
fi
verb=$1
echo "$verb" >>"$REPLICA.verbs"

# Which files a restore would read: asked before each restore, and no part of the lie.
case "$*" in
*-dry-run*) exec "$REAL" "$@" ;;
esac

newest() {
    for file in "$REPLICA"/ltx/*/*.ltx; do
        echo "${file##*/} $file"
    done | sort | tail -n 1 | cut -d' ' -f2-
}

after() {
    wanted=$1
    shift
    previous=
    for argument; do
        if [ "$previous" = "$wanted" ]; then
            echo "$argument"
        fi
        previous=$argument
    done
}

real_replicate() {
    if [ "$verb" = replicate ]; then
        "$REAL" "$@"
        exit
    fi
}

case $FAKE in
says-complete)
    cat >/dev/null
    echo one-shot replication complete
    ;;
says-nothing)
    cat >/dev/null
    ;;
says-shutting-down)
    cat >/dev/null
    echo replication complete, litestream shutting down
    ;;
loses-newest)
    "$REAL" "$@" || exit 1
    [ "$verb" != replicate ] || rm -f "$(newest)"
    ;;
cuts-newest)
    "$REAL" "$@" || exit 1
    [ "$verb" != replicate ] || truncate -s 100 "$(newest)"
    ;;
restores-nothing)
    real_replicate "$@"
    cat >/dev/null
    echo "{\"txid\":\"$(after -txid "$@")\",\"integrity_check\":\"ok\"}"
    ;;
restores-old)
    real_replicate "$@"
    "$REAL" "$@" || exit 1
    cp "$REPLICA.old" "$(after -o "$@")"
    ;;
hangs)
    trap '' TERM INT
    while :; do sleep 1; done
    ;;
hangs-in-restore)
    real_replicate "$@"
    trap '' TERM
    while :; do sleep 1; done
    ;;
hangs-with-children)
    sleep 60 &
    sleep 60
    ;;
floods)
    cat >/dev/null
    while :; do
        echo flood
        echo flood >&2
    done
    ;;
floods-and-ends)
    cat >/dev/null
    head -c 300000000 /dev/zero
    exit 1
    ;;
babbles)
    cat >/dev/null
    head -c 20000 /dev/urandom
    ;;
babbles-and-fails)
    cat >/dev/null
    head -c 20000 /dev/urandom >&2
    exit 7
    ;;
babbles-in-restore)
    real_replicate "$@"
    cat >/dev/null
    echo '{'
    ;;
dies)
    cat >/dev/null
    kill -KILL $$
    ;;
does-not-read)
    exec </dev/null
    echo no
    exit 3
    ;;
esac
