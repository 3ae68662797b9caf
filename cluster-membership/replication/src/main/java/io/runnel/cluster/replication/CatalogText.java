package io.runnel.cluster.replication;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.RecordSeals;
import io.vertx.core.buffer.Buffer;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The form of a catalog's file: lines of JSON, a first one that names the form, one with the
 * certificates of those who signed, the snapshots as a feed sends them, and a last one with the
 * SHA-256 of all bytes before it.
 */
final class CatalogText {
    private static final Logger LOG = System.getLogger(CatalogText.class.getName());
    private static final String AUTHORITIES = "authorities";
    private static final int FORMAT = 2;
    private static final long MOST_RECORDS = 1_000_000;
    private static final ByteSize MOST_BYTES = ByteSize.ofMiB(512);
    private static final int PIECE_BYTES = 64 * 1024;

    private final Path path;

    CatalogText(Path path) {
        this.path = path;
    }

    /**
     * What stands in such a file.
     *
     * @param authorities certificates of authorities, as PEM
     */
    record Content(List<String> authorities, List<FeedSnapshot> snapshots) {
        Content {
            authorities = List.copyOf(authorities);
            snapshots = List.copyOf(snapshots);
        }
    }

    /**
     * All of it or, if it is absent or damaged, nothing.
     *
     * @param check throws a {@link CatalogException} if it is not to be believed
     */
    List<FeedSnapshot> read(Consumer<Content> check) {
        try (InputStream in = Files.newInputStream(path)) {
            Content content = new Reading().read(in);
            check.accept(content);
            return content.snapshots();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | ReplicationException | CatalogException e) {
            setAside(e);
            return List.of();
        }
    }

    private void setAside(Exception cause) {
        Path aside = path.resolveSibling(path.getFileName() + ".damaged");
        LOG.log(Level.WARNING, "%s cannot be used, is now %s".formatted(path, aside), cause);
        try {
            Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.log(Level.WARNING, path + " cannot be set aside", e);
        }
    }

    /** Puts a new file in the place of the old one; as long as it fails, the old one stands. */
    void write(Content content) throws IOException {
        Path temporary = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel file =
                FileChannel.open(
                        temporary,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            write(content, Channels.newOutputStream(file));
            file.force(true);
        }
        Files.move(
                temporary,
                path,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        syncFolder();
    }

    private void syncFolder() throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    private static void write(Content content, OutputStream file) throws IOException {
        MessageDigest digest = CodeDigest.newHash();
        OutputStream out = new DigestOutputStream(new BufferedOutputStream(file), digest);
        out.write(JsonLine.write(JsonLine.object().put("catalog", FORMAT)));
        ObjectNode signers = JsonLine.object();
        content.authorities().forEach(signers.putArray(AUTHORITIES)::add);
        out.write(JsonLine.write(signers));
        for (FeedSnapshot snapshot : content.snapshots()) {
            Iterator<FeedLine> lines = FeedLines.of(snapshot, Optional.empty()).iterator();
            while (lines.hasNext()) {
                out.write(FeedLines.write(lines.next()).getBytes());
            }
        }
        String sum = CodeDigest.ofHash(digest.digest()).value();
        out.write(JsonLine.write(JsonLine.object().put("sha256", sum)));
        out.flush();
    }

    /** A file on its way in. */
    private static final class Reading {
        private final MessageDigest digest = CodeDigest.newHash();
        private final List<FeedSnapshot> snapshots = new ArrayList<>();
        private List<String> authorities = List.of();
        private final FeedIntake intake = new FeedIntake(Set.of(), MOST_RECORDS, MOST_BYTES);
        private long lines;
        private boolean whole;

        Content read(InputStream in) throws IOException {
            LineSplitter splitter = new LineSplitter(FeedLines.MOST_LINE_BYTES);
            byte[] piece = new byte[PIECE_BYTES];
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                splitter.split(Buffer.buffer(read).appendBytes(piece, 0, read), this::line);
            }
            splitter.finish();
            if (!whole) {
                throw damaged("its last line is missing");
            }
            return new Content(authorities, snapshots);
        }

        private void line(byte[] utf8) {
            if (whole) {
                throw damaged("something stands behind its last line");
            }
            if (lines++ == 0) {
                checkForm(JsonLine.read(utf8));
            } else if (FeedLines.startsWith(utf8, "{\"sha256\"")) {
                checkSum(JsonLine.read(utf8));
                return;
            } else if (FeedLines.startsWith(utf8, "{\"" + AUTHORITIES + "\"")) {
                authorities = JsonLine.read(utf8).texts(AUTHORITIES, RecordSeals.MOST_AUTHORITIES);
            } else {
                takeLine(FeedLines.read(utf8));
            }
            digest.update(utf8);
            digest.update((byte) '\n');
        }

        private void takeLine(FeedLine line) {
            intake.take(line, 0)
                    .forEach(
                            item -> {
                                if (item instanceof FeedItem.Whole taken) {
                                    snapshots.add(taken.snapshot());
                                } else {
                                    throw damaged("a line stands outside of any snapshot");
                                }
                            });
        }

        private static void checkForm(JsonLine line) {
            if (line.count("catalog") != FORMAT) {
                throw damaged("its form is not known here");
            }
        }

        private void checkSum(JsonLine line) {
            whole = true;
            if (!CodeDigest.ofHash(digest.digest()).value().equals(line.text("sha256"))) {
                throw damaged("its sum is wrong");
            }
        }

        private static ReplicationException damaged(String how) {
            return new ReplicationException(Code.BAD_LINE, "catalog file: " + how);
        }
    }
}
