package io.runnel.exec.wasm;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Compiled classes as bytes that only this node can have made: HMAC-SHA-256 over what they are the
 * classes of and over themselves, then themselves. Nothing is read out of bytes whose code is
 * wrong. Safe for any thread.
 */
final class SealedClasses {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SEAL_BYTES = 32;
    private static final int KEY_BYTES = 32;

    private final SecretKeySpec key;

    SealedClasses(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /**
     * With the key in this file, which is made (mode 0600) if it is not there or is not one.
     *
     * @throws IOException if it cannot be read or made
     */
    static SealedClasses withKeyIn(Path file, SecureRandom random) throws IOException {
        Optional<byte[]> known = read(file);
        if (known.isPresent()) {
            return new SealedClasses(known.get());
        }
        byte[] made = new byte[KEY_BYTES];
        random.nextBytes(made);
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, made, StandardOpenOption.WRITE);
        return new SealedClasses(made);
    }

    private static Optional<byte[]> read(Path file) throws IOException {
        try {
            byte[] key = Files.readAllBytes(file);
            return key.length == KEY_BYTES ? Optional.of(key) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    byte[] close(CacheKey of, CompiledClasses classes) {
        byte[] body = write(classes);
        byte[] seal = seal(of, body, 0);
        byte[] all = new byte[seal.length + body.length];
        System.arraycopy(seal, 0, all, 0, seal.length);
        System.arraycopy(body, 0, all, seal.length, body.length);
        return all;
    }

    /** The classes; nothing if this node has not sealed exactly this. */
    Optional<CompiledClasses> open(CacheKey of, byte[] bytes) {
        if (bytes.length < SEAL_BYTES) {
            return Optional.empty();
        }
        byte[] found = Arrays.copyOf(bytes, SEAL_BYTES);
        if (!MessageDigest.isEqual(found, seal(of, bytes, SEAL_BYTES))) {
            return Optional.empty();
        }
        return Optional.of(read(bytes));
    }

    private byte[] seal(CacheKey of, byte[] bytes, int from) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] name = of.toBytes();
            mac.update(new byte[] {(byte) (name.length >> 8), (byte) name.length});
            mac.update(name);
            mac.update(bytes, from, bytes.length - from);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    private static byte[] write(CompiledClasses compiled) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(compiled.main());
            out.writeInt(compiled.classes().size());
            for (Map.Entry<String, byte[]> file : compiled.classes().entrySet()) {
                out.writeUTF(file.getKey());
                out.writeInt(file.getValue().length);
                out.write(file.getValue());
            }
            out.writeInt(compiled.interpreted().size());
            for (int function : compiled.interpreted()) {
                out.writeInt(function);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static CompiledClasses read(byte[] sealed) {
        try (DataInputStream in =
                new DataInputStream(
                        new ByteArrayInputStream(sealed, SEAL_BYTES, sealed.length - SEAL_BYTES))) {
            String main = in.readUTF();
            int count = in.readInt();
            Map<String, byte[]> classes = new HashMap<>();
            for (int i = 0; i < count; i++) {
                String name = in.readUTF();
                classes.put(name, in.readNBytes(in.readInt()));
            }
            SortedSet<Integer> interpreted = new TreeSet<>();
            for (int left = in.readInt(); left > 0; left--) {
                interpreted.add(in.readInt());
            }
            return new CompiledClasses(main, classes, interpreted);
        } catch (IOException e) {
            throw new UncheckedIOException("sealed, and yet not whole", e);
        }
    }
}
