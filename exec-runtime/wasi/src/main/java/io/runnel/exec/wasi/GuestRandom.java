package io.runnel.exec.wasi;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;

import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Random bytes of one call. The first few, which most guests want for a hash table, come from the
 * host's source. A call that wants more gets a keystream of its own (AES-256 in counter mode) under
 * a key from that source: so a flood takes nothing from other calls, which share the source and its
 * lock, and what one call saw tells nothing of another.
 */
final class GuestRandom {
    private static final int FROM_SOURCE_BYTES = 256;
    private static final int AT_ONCE_BYTES = 16 * 1024;
    private static final byte[] ZEROS = new byte[AT_ONCE_BYTES];

    private final SecureRandom source;
    private int fromSourceBytes;
    private Optional<Cipher> keystream = Optional.empty();

    GuestRandom(SecureRandom source) {
        this.source = source;
    }

    static Errno fill(WasiMemory memory, GuestCall call, int at, int length) {
        if (!memory.contains(at, length)) {
            return Errno.FAULT;
        }
        call.random().fill(memory, at, length);
        return Errno.SUCCESS;
    }

    private void fill(WasiMemory memory, int at, int length) {
        if (keystream.isEmpty() && length <= FROM_SOURCE_BYTES - fromSourceBytes) {
            byte[] some = new byte[length];
            source.nextBytes(some);
            memory.write(at, some, 0, length);
            fromSourceBytes += length;
            return;
        }
        for (int done = 0; done < length; done += AT_ONCE_BYTES) {
            GuestInterrupted.check();
            int some = Math.min(length - done, AT_ONCE_BYTES);
            next(memory.arrayForWriting(at + done, some), at + done, some);
        }
    }

    private void next(byte[] into, int at, int length) {
        try {
            if (keystream.isEmpty()) {
                keystream = Optional.of(newKeystream());
            }
            keystream.get().update(ZEROS, 0, length, into, at);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no AES", e);
        }
    }

    private Cipher newKeystream() throws GeneralSecurityException {
        byte[] seed = new byte[32 + 16];
        source.nextBytes(seed);
        Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(seed, 0, 32, "AES"),
                new IvParameterSpec(seed, 32, 16));
        return cipher;
    }
}
