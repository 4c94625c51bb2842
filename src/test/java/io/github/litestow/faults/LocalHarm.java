package io.github.litestow.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;

/** What becomes of a folder in which something is kept between runs: files of it missing, cut, too long, of an earlier run. */
final class LocalHarm {

    private LocalHarm() {}

    /**
     * Spoils it.
     *
     * @param older what the folder was an earlier time
     * @param index which of eight ways
     * @return what was done, in words
     */
    static String of(Path folder, Path older, Random random, int index) throws IOException {
        List<Path> files = History.files(folder);
        Path file = History.any(files, random);
        return switch (index % 8) {
            case 0 -> {
                Files.delete(file);
                yield file.getFileName() + " missing";
            }
            case 1 -> file.getFileName() + " cut at " + History.cut(file, random);
            case 2 -> {
                Files.write(file, new byte[0]);
                yield file.getFileName() + " empty";
            }
            case 3 -> {
                Files.write(file, new byte[1 + random.nextInt(5000)], StandardOpenOption.APPEND);
                yield file.getFileName() + " too long";
            }
            case 4 -> {
                World.delete(folder);
                History.copy(older, folder);
                yield "all of an earlier run";
            }
            case 5 -> {
                // What an earlier run had and this one pruned lies there again.
                for (Path old : History.files(older)) {
                    Path target = folder.resolve(older.relativize(old).toString());
                    if (!Files.exists(target)) {
                        Files.copy(old, target);
                    }
                }
                yield "files of an earlier run beside the present ones";
            }
            case 6 -> {
                for (Path one : files) {
                    Files.delete(one);
                }
                yield "all files missing, the folders there";
            }
            default -> {
                World.delete(folder);
                yield "all of it missing";
            }
        };
    }
}
