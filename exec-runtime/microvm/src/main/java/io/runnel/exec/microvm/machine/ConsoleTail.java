package io.runnel.exec.microvm.machine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The last {@value #KEPT_BYTES} bytes of what a machine's console and QEMU itself said. All is
 * read, so that QEMU never waits for us, but slowly: a guest that floods its console waits for its
 * serial port and costs us a bounded part of a processor.
 *
 * <p>Safe for any thread.
 */
final class ConsoleTail {
    static final int KEPT_BYTES = 16 << 10;

    private static final int READ_BYTES = 4 << 10;
    private static final long PAUSE_MILLIS = 4;

    private final byte[] ring = new byte[KEPT_BYTES];
    private final Thread reader;
    private long said;

    private ConsoleTail(String machine, InputStream in) {
        reader =
                Thread.ofPlatform()
                        .daemon()
                        .name("console of " + machine)
                        .unstarted(() -> readAll(in));
    }

    /** Reads until the stream's end, on a thread of its own. */
    static ConsoleTail of(String machine, InputStream in) {
        ConsoleTail tail = new ConsoleTail(machine, in);
        tail.reader.start();
        return tail;
    }

    private void readAll(InputStream in) {
        byte[] buffer = new byte[READ_BYTES];
        try (in) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                keep(buffer, n);
                // At most 1 MiB a second.
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (IOException e) {
            // Its end as well.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void keep(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            ring[(int) ((said + i) % KEPT_BYTES)] = bytes[i];
        }
        said += count;
    }

    /** What was said last; characters that could move a terminal's cursor are shown as '?'. */
    synchronized String text() {
        int count = (int) Math.min(said, KEPT_BYTES);
        byte[] last = new byte[count];
        for (int i = 0; i < count; i++) {
            last[i] = ring[(int) ((said - count + i) % KEPT_BYTES)];
        }
        String text = new String(last, StandardCharsets.UTF_8);
        return text.codePoints()
                .filter(c -> c != '\r')
                .map(c -> c != '\n' && Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Waits until all was read that is to be read, at most so long. */
    void await(long millis) {
        try {
            reader.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
