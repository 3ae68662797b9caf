package io.runnel.region.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.region.server.control.SecretSeal;
import io.runnel.topology.StoreSetting;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The key under which a region seals secrets: in the node's own folder, for its user only. */
final class SealKey {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");

    /** Its output is as long as the key. */
    private static final String MAC = "HmacSHA256";

    private SealKey() {}

    /**
     * The key of this node's region. Where one database is shared all nodes must open what any of
     * them sealed: there it is derived from the network's token, which they share anyway.
     *
     * @throws IOException if it cannot be read or made
     */
    static byte[] of(RegionFacts facts, SecureRandom random) throws IOException {
        return switch (facts.region().store()) {
            case StoreSetting.Sqlite own -> readOrCreate(file(facts), SecretSeal.KEY_BYTES, random);
            case StoreSetting.Postgresql shared -> derived(facts);
        };
    }

    /** Where a region keeps a key of its own. */
    static Path file(RegionFacts facts) {
        return facts.folder().own().resolve("store.key");
    }

    /** What the region's store is on. */
    static String engine(RegionFacts facts) {
        return switch (facts.region().store()) {
            case StoreSetting.Sqlite own -> "sqlite";
            case StoreSetting.Postgresql shared -> "postgresql";
        };
    }

    /** The key of a region whose database is shared. */
    static byte[] derived(RegionFacts facts) {
        return mac(facts.token().text().getBytes(UTF_8), "runnel seal of " + facts.region().name());
    }

    /** Tells keys apart, and nothing about them. */
    static String mark(byte[] key) {
        return HexFormat.of().formatHex(mac(key, "runnel mark of a seal"));
    }

    private static byte[] mac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + MAC, e);
        }
    }

    /**
     * Reads the key, or makes it: on disk when this returns.
     *
     * @throws IOException if it cannot be read or made, or is no key
     */
    static byte[] readOrCreate(Path file, int bytes, SecureRandom random) throws IOException {
        if (!Files.exists(file)) {
            create(file, bytes, random);
        }
        byte[] key = Files.readAllBytes(file);
        if (key.length != bytes) {
            throw new IOException("%s must be %d bytes: %d".formatted(file, bytes, key.length));
        }
        return key;
    }

    private static void create(Path file, int bytes, SecureRandom random) throws IOException {
        byte[] key = new byte[bytes];
        random.nextBytes(key);
        Path made = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(made);
        try (FileChannel channel =
                FileChannel.open(
                        made,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            channel.write(ByteBuffer.wrap(key));
            channel.force(true);
        }
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
