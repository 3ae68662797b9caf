package io.runnel.region.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.StoreException;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.CompletionException;

/**
 * Signs what an older version wrote to the own log, once: a file in the node's folder, beside the
 * database and not in it, says for which log that was done. From then on a record without a
 * signature is one that somebody else wrote.
 */
record SealedOnce(Path file) {
    /** The name of that file in a node's folder. */
    static final String NAME = "store.sealed";

    private static final Logger LOG = System.getLogger(SealedOnce.class.getName());

    /**
     * Signs what has no signature, unless that was done; blocks.
     *
     * @throws StoreException if the log cannot be signed
     * @throws IOException if the file cannot be read or made
     */
    void ensure(RegionStore store) throws IOException {
        if (Files.exists(file) && Files.readString(file).equals(store.log())) {
            return;
        }
        long count = sealOld(store);
        if (count > 0) {
            LOG.log(
                    Level.INFO,
                    "{0} records of this region, written by an older version, are signed now",
                    count);
        }
        keep(store.log());
    }

    private static long sealOld(RegionStore store) {
        try {
            return store.sealOld().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreException told ? told : e;
        }
    }

    private void keep(String log) throws IOException {
        Path made = file.resolveSibling(NAME + ".new");
        try (FileChannel channel =
                FileChannel.open(
                        made,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE))) {
            channel.write(ByteBuffer.wrap(log.getBytes(UTF_8)));
            channel.force(true);
        }
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
