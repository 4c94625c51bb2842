#!/usr/bin/env python3
"""Checks the sources of a native image, which are made without GraalVM: is what must be registered there?

usage: check-native-sources.py target/native-sources

Says what is missing; the compiler would not, the executable would fail at run time.
"""
import json, pathlib, re, sys, zipfile

HERE = pathlib.Path(__file__).resolve().parent.parent.parent.parent
BY_NAME = "io.github.litestow.cli.NativeImage"
# RunRecord registers it with itself.
BY_OTHERS = ["io.github.litestow.outcome.Outcome"]
ANNOTATION = b"Lio/quarkus/runtime/annotations/RegisterForReflection;"


def registered(jars):
    """Returns the names of the classes that ours want to be registered, nested ones included."""
    ours = {}
    for archive in jars:
        for entry in archive.namelist():
            if entry.startswith("io/github/litestow/") and entry.endswith(".class"):
                ours[entry[: -len(".class")].replace("/", ".")] = archive.read(entry)
    annotated = [name for name, code in ours.items() if ANNOTATION in code and name != BY_NAME] + BY_OTHERS
    nested = [
        name
        for name in ours
        if not re.search(r"\$\d", name) and any(name.startswith(outer + "$") for outer in annotated)
    ]
    source = HERE / "src/main/java" / (BY_NAME.replace(".", "/") + ".java")
    by_name = re.findall(r'"([\w.$]+\.[A-Z][\w$]*)"', source.read_text())
    return {*annotated, *nested, *by_name}


def main(sources):
    runners = list(sources.glob("*-runner.jar"))
    if not runners:
        return [f"there is no *-runner.jar in {sources}; make it with -Dnative -Dquarkus.native.sources-only=true"]
    missing = []
    jars = {jar.name: zipfile.ZipFile(jar) for jar in [*runners, *sources.glob("lib/*.jar")]}
    runner = jars[runners[0].name]
    arguments = (sources / "native-image.args").read_text()

    classes = {entry["name"] for entry in json.loads(runner.read("META-INF/native-image/reflect-config.json"))}
    wanted = registered(jars.values())
    if len(wanted) < 30:
        missing.append(f"most of our classes: only {sorted(wanted)} were found")
    # The extension's: without it the answers of S3 cannot be parsed.
    wanted.add("com.sun.xml.internal.stream.XMLInputFactoryImpl")
    missing += [f"reflection of {name}" for name in sorted(wanted) if name not in classes]

    commands = "META-INF/native-image/picocli-generated/reflect-config.json"
    if commands not in runner.namelist():
        missing.append(f"{commands}, which picocli-codegen writes")

    def holds(jar, entry):
        return any(name.startswith(jar) and entry in archive.namelist() for name, archive in jars.items())

    for jar, entry in {
        "org.xerial.sqlite-jdbc": "META-INF/native-image/org.xerial/sqlite-jdbc/native-image.properties",
        "software.amazon.awssdk.sdk-core": "META-INF/native-image/software.amazon.awssdk/sdk-core/native-image.properties",
        "software.amazon.awssdk.sts": "META-INF/native-image/software.amazon.awssdk/sts/reflect-config.json",
        "io.quarkiverse.amazonservices.quarkus-amazon-common": "io/quarkiverse/amazon/common/runtime/CrtSubstitutions.class",
    }.items():
        if not holds(jar, entry):
            missing.append(f"{entry} of {jar}")
    if not re.search(r"--enable-url-protocols=\S*https", arguments):
        missing.append("HTTPS among the URL protocols")
    return missing


if len(sys.argv) != 2:
    sys.exit(__doc__)
problems = main(pathlib.Path(sys.argv[1]))
for problem in problems:
    print("native sources: missing: " + problem, file=sys.stderr)
sys.exit(1 if problems else 0)
