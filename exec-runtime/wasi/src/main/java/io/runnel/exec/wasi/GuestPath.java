package io.runnel.exec.wasi;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Paths and names as guests pass them: UTF-8 without zeros, of bounded length. */
final class GuestPath {
    static final int MOST_BYTES = 4096;
    static final int MOST_NAME_BYTES = 255;

    private GuestPath() {}

    /** A path, or what a link is to name. */
    static String read(WasiMemory memory, int at, int length) {
        if (Integer.compareUnsigned(length, MOST_BYTES) > 0) {
            throw new WasiFailure(Errno.NAMETOOLONG);
        }
        if (!memory.contains(at, length)) {
            throw new WasiFailure(Errno.FAULT);
        }
        byte[] bytes = Arrays.copyOfRange(memory.array(), at, at + length);
        String path = new String(bytes, StandardCharsets.UTF_8);
        if (path.indexOf('\uFFFD') >= 0
                && !Arrays.equals(bytes, path.getBytes(StandardCharsets.UTF_8))) {
            throw new WasiFailure(Errno.ILSEQ);
        }
        if (path.indexOf('\0') >= 0) {
            throw new WasiFailure(Errno.INVAL);
        }
        return path;
    }

    static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** A name of one entry may be shorter than a path. */
    static void requireName(String name) {
        if (name.length() > MOST_NAME_BYTES / 3 && utf8Length(name) > MOST_NAME_BYTES) {
            throw new WasiFailure(Errno.NAMETOOLONG);
        }
    }
}
