package io.runnel.routing.journal;

import io.runnel.exec.admin.JsonWriting;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.ErrorManager;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * Lines of JSON in a folder: {@code access.0.ndjson} is the newest file, at most eight of 16 MiB
 * are kept. What cannot be written is said once, and lost. Safe for any thread; blocks.
 */
final class AccessFiles implements AutoCloseable {
    private static final Logger LOG = System.getLogger(AccessFiles.class.getName());
    private static final int MOST_BYTES = 16 << 20;
    private static final int MOST_FILES = 8;

    private final FileHandler files;

    /**
     * Goes on after what is there.
     *
     * @throws IOException if it cannot write there
     */
    AccessFiles(Path folder) throws IOException {
        Files.createDirectories(folder);
        String pattern = folder.toString().replace("%", "%%") + "/access.%g.ndjson";
        files = new FileHandler(pattern, MOST_BYTES, MOST_FILES, true);
        files.setEncoding(StandardCharsets.UTF_8.name());
        files.setFormatter(new AsItIs());
        files.setErrorManager(new Told());
    }

    void write(JsonWriting line) {
        String text = new String(JsonWriting.bytes(line), StandardCharsets.UTF_8);
        files.publish(new LogRecord(Level.INFO, text));
    }

    @Override
    public void close() {
        files.close();
    }

    private static final class AsItIs extends Formatter {
        @Override
        public String format(LogRecord line) {
            return line.getMessage() + "\n";
        }
    }

    private static final class Told extends ErrorManager {
        private boolean isTold;

        @Override
        public synchronized void error(String message, Exception cause, int code) {
            if (!isTold) {
                isTold = true;
                LOG.log(
                        Logger.Level.WARNING,
                        "who is denied what cannot be written down; said once",
                        cause);
            }
        }
    }
}
