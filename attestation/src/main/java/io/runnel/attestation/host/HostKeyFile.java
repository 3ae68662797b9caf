package io.runnel.attestation.host;

import io.runnel.attestation.AttestationException;
import io.runnel.attestation.SecretFile;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.certificate.PemException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;

/**
 * The two files of one host's certificate.
 *
 * @param certificate the host's certificate, then each that certified the one before
 * @param key its private key, which only its owner may read
 */
public record HostKeyFile(Path certificate, Path key) {
    private static final int MOST_BYTES = 1 << 20;

    /** What stands in them: it is compared before it is understood. */
    record Text(String certificate, String key) {
        @Override
        public String toString() {
            return "Text";
        }
    }

    /**
     * Reads both.
     *
     * @throws HostKeyException if one is not there, cannot be read, or may be read by others
     */
    Text read() {
        return new Text(readCertificate(), readKey());
    }

    private String readCertificate() {
        try (InputStream in = Files.newInputStream(certificate)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw wrong(certificate, "is larger than %d bytes".formatted(MOST_BYTES), null);
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw wrong(certificate, "is not there", e);
        } catch (IOException e) {
            throw wrong(certificate, "cannot be read: " + e, e);
        }
    }

    private String readKey() {
        try {
            return new SecretFile(key).read().orElseThrow(() -> wrong(key, "is not there", null));
        } catch (AttestationException e) {
            throw new HostKeyException(e.getMessage(), e);
        }
    }

    /**
     * What they say.
     *
     * @throws HostKeyException if they do not belong together, or cannot be used
     */
    HostKey parse(Text text) {
        try {
            return HostKey.of(privateKey(text.key()), Pem.certificates(text.certificate()));
        } catch (PemException | IllegalArgumentException e) {
            throw wrong(certificate, e.getMessage(), e);
        }
    }

    private PrivateKey privateKey(String text) {
        try {
            return Pem.privateKey(text);
        } catch (PemException e) {
            throw wrong(key, e.getMessage(), e);
        }
    }

    private static HostKeyException wrong(Path file, String why, Throwable cause) {
        return new HostKeyException("%s: %s".formatted(file, why), cause);
    }
}
