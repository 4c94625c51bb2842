#!/bin/sh
# Runs the service of APP once for what it and a command do in a life, and leaves the AOT cache APP/app.aot.
# The S3 client is not asked: its classes in the cache would cost 17 MB at rest where no S3 is used.
# Needs JDK 25; what it writes otherwise is in a temporary folder, and it talks to nobody.
#
# usage: train.sh [APP]      (/app unless told otherwise; the cache is good for that path only)
set -eu

app=${1:-/app}
work=$(mktemp -d)
service=
trap '[ -z "$service" ] || kill "$service" 2>/dev/null || :; rm -rf "$work"' EXIT
runs=$work/data/.db.sqlite-litestow/runs.jsonl
mkdir "$work/data"

export LITESTOW_FOLDER="$work/data" REPLICA_URL="file://$work/replica" LITESTOW_SNAPSHOT_CRON='* * * * * ?'
export LITESTOW_SNAPSHOT_ON_SHUTDOWN=false QUARKUS_HTTP_HOST=127.0.0.1 QUARKUS_HTTP_PORT="${TRAINING_PORT:-18080}"
cd "$work"

# Waits until CONDITION holds, some minutes at most.
await() {
    left=1800
    until "$@"; do
        left=$((left - 1))
        if [ $left -eq 0 ] || ! kill -0 "$service" 2>/dev/null; then
            echo "train: gave up waiting for: $*" >&2
            cat "$work/log" >&2
            exit 1
        fi
        sleep 0.1
    done
}

made() { [ -s "$work/data/db.sqlite" ]; }
offloaded() { grep -q '"offloaded"' "$runs" 2>/dev/null; }

java "@$app/java.options" -jar "$app/quarkus-run.jar" demo-writer "$work/data/db.sqlite" >"$work/log" 2>&1 &
service=$!
await made
kill "$service" && wait "$service" || :

# Without profiles: they are for the second compiler, which is off, and reading them took a sixth of a command's time.
java -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining -XX:AOTCacheOutput="$app/app.aot" \
    "@$app/java.options" -jar "$app/quarkus-run.jar" training >"$work/log" 2>&1 &
service=$!
await offloaded
java "@$app/java.options" -jar "$app/quarkus-run.jar" health
kill "$service"
wait "$service" || :
service=
[ -s "$app/app.aot" ] || {
    echo "train: the JVM left no AOT cache; is it JDK 25?" >&2
    cat "$work/log" >&2
    exit 1
}
