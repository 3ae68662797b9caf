package io.runnel.exec.microvm.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes a tar archive (POSIX.1-2001, {@code pax}): what does not fit into an old header, a long
 * path, stands in a record before it. Everything is root's, of the year 1970, and for all to read.
 * The caller writes contents between {@link #begin} and {@link #end}. Not thread-safe.
 */
final class TarStream {
    private static final int BLOCK = 512;
    private static final int NAME_BYTES = 100;
    private static final int MODE = 0644;
    private static final int RUN_MODE = 0755;

    private final OutputStream out;

    TarStream(OutputStream out) {
        this.out = out;
    }

    void begin(CodeEntry entry) throws IOException {
        byte[] name = utf8(entry.path());
        byte[] target = utf8(entry.target());
        String records =
                record("path", entry.path(), name) + record("linkpath", entry.target(), target);
        if (!records.isEmpty()) {
            byte[] bytes = utf8(records);
            header('x', utf8("pax"), new byte[0], MODE, bytes.length);
            out.write(bytes);
            pad(bytes.length);
        }
        header(type(entry), name, target, entry.runnable() ? RUN_MODE : MODE, bytes(entry));
    }

    void end(CodeEntry entry) throws IOException {
        pad(bytes(entry));
    }

    void finish() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.flush();
    }

    private static char type(CodeEntry entry) {
        return switch (entry.kind()) {
            case FOLDER -> '5';
            case LINK -> '2';
            case FILE, OTHER -> '0';
        };
    }

    private static long bytes(CodeEntry entry) {
        return entry.content().map(ZipMember::bytes).orElse(0L);
    }

    /** {@code LENGTH KEY=VALUE}: the length counts its own digits too. */
    private static String record(String key, String value, byte[] bytes) {
        if (bytes.length <= NAME_BYTES) {
            return "";
        }
        int rest = key.length() + bytes.length + 3;
        int length = rest + 1;
        while (length != rest + Integer.toString(length).length()) {
            length = rest + Integer.toString(length).length();
        }
        return length + " " + key + "=" + value + "\n";
    }

    private void header(char type, byte[] name, byte[] target, int mode, long bytes)
            throws IOException {
        byte[] header = new byte[BLOCK];
        System.arraycopy(name, 0, header, 0, Math.min(name.length, NAME_BYTES));
        octal(header, 100, 8, mode);
        octal(header, 108, 8, 0);
        octal(header, 116, 8, 0);
        octal(header, 124, 12, bytes);
        octal(header, 136, 12, 0);
        header[156] = (byte) type;
        System.arraycopy(target, 0, header, 157, Math.min(target.length, NAME_BYTES));
        System.arraycopy(utf8("ustar\00000"), 0, header, 257, 8);
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xFF;
        }
        octal(header, 148, 7, sum);
        out.write(header);
    }

    private static void octal(byte[] header, int at, int bytes, long value) {
        byte[] digits = utf8(Long.toOctalString(value));
        Arrays.fill(header, at, at + bytes - 1, (byte) '0');
        System.arraycopy(digits, 0, header, at + bytes - 1 - digits.length, digits.length);
        header[at + bytes - 1] = 0;
    }

    private void pad(long bytes) throws IOException {
        out.write(new byte[(int) (-bytes & (BLOCK - 1))]);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
