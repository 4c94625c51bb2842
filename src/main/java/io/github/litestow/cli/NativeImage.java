package io.github.litestow.cli;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a native image must be told of classes that are not ours and that nobody else registers: those
 * that the AWS SDK and lz4-java load by name. Our own records that Jackson reads and writes outside REST carry
 * {@link RegisterForReflection} themselves. The driver of SQLite brings its own registration (its {@code
 * META-INF/native-image}), the S3 client that of its Quarkus extension, picocli that of {@code
 * picocli-codegen}; docs/deploy.md lists them.
 */
@RegisterForReflection(
        classNames = {
            // Loaded by ProfileCredentialsUtils for a profile with a role; sts registers only its sibling.
            "software.amazon.awssdk.services.sts.internal.StsProfileCredentialsProviderFactory",
            // Loaded by LZ4Factory.safeInstance, all four at once.
            "net.jpountz.lz4.LZ4JavaSafeCompressor",
            "net.jpountz.lz4.LZ4HCJavaSafeCompressor",
            "net.jpountz.lz4.LZ4JavaSafeFastDecompressor",
            "net.jpountz.lz4.LZ4JavaSafeSafeDecompressor"
        })
final class NativeImage {
    private static final String FOLDER = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";
    private static final String LIBRARY = "libsqlitejdbc.so";

    private NativeImage() {}

    /**
     * Has the driver take its library from {@code native/} beside the executable, as in our images, however
     * it was started: it would unpack it into the folder for temporary files, which a read-only root lacks.
     */
    static void useLibraryBeside(Path executable) {
        Path folder = executable.resolveSibling("native");
        if (System.getProperty(FOLDER) == null && Files.isRegularFile(folder.resolve(LIBRARY))) {
            System.setProperty(FOLDER, folder.toString());
            System.setProperty(NAME, LIBRARY);
        }
    }

    /** Returns the executable of this process, if it is a native image. */
    static Optional<Path> executable() {
        return System.getProperty("org.graalvm.nativeimage.imagecode") == null
                ? Optional.empty()
                : ProcessHandle.current().info().command().map(Path::of);
    }
}
