package io.runnel.attestation.join;

import io.runnel.attestation.AttestationException;
import io.runnel.attestation.SecretFile;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.KeyPairs;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.certificate.PemException;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * What a POP keeps of who it is, so that it is that again when it starts: {@code identity.pem}, its
 * key with what was certified of it, and {@code identity.next.pem}, a key that is to be certified.
 * That is kept before anybody hears of it: who asks again asks for the same key, also after a
 * crash, and from two processes of one POP. Only their owner may read them. Safe for any thread and
 * process.
 */
public final class IdentityFile {
    private final SecretFile current;
    private final SecretFile next;

    /** In the POP's own folder. */
    public IdentityFile(Path folder) {
        this.current = new SecretFile(folder.resolve("identity.pem"));
        this.next = new SecretFile(folder.resolve("identity.next.pem"));
    }

    /**
     * The key that was certified last, if there is one.
     *
     * @throws PemException if the file holds something else
     * @throws AttestationException if it cannot be read, or is open to others
     */
    public Optional<CertifiedKey> read() {
        return current.read().map(text -> Pem.key(text, Optional.empty()));
    }

    /**
     * The key that is to be certified, made if there is none.
     *
     * @param shown what is to be shown for it, if it is a key of before
     * @return empty if another process has had one certified since: to show what was before that
     *     once more, for yet another key, is what a copy would do
     * @throws AttestationException if it cannot be kept
     */
    public Optional<KeyPair> next(Optional<CertifiedKey> shown, SecureRandom random) {
        return next.exclusively(
                () ->
                        shown.filter(this::isOfBefore).isPresent()
                                ? Optional.empty()
                                : Optional.of(kept().orElseGet(() -> make(random))));
    }

    /** What does not read is as good as none: what is certified next replaces it. */
    private boolean isOfBefore(CertifiedKey key) {
        try {
            return read().filter(last -> !last.chain().equals(key.chain())).isPresent();
        } catch (PemException e) {
            return false;
        }
    }

    private KeyPair make(SecureRandom random) {
        KeyPair made = KeyPairs.generate(random);
        next.write(Pem.of(made));
        return made;
    }

    /** What does not read is as good as none: nobody has heard of a key that is not certified. */
    private Optional<KeyPair> kept() {
        try {
            return next.read().map(Pem::pair);
        } catch (PemException e) {
            return Optional.empty();
        }
    }

    /**
     * Keeps what was certified.
     *
     * @throws AttestationException if it cannot be written
     */
    public void write(CertifiedKey key) {
        current.exclusively(
                () -> {
                    current.write(Pem.of(key));
                    boolean isNext =
                            kept().filter(
                                            pair ->
                                                    pair.getPublic()
                                                            .equals(
                                                                    key.certificate()
                                                                            .getPublicKey()))
                                    .isPresent();
                    return isNext && next.delete();
                });
    }

    /**
     * What was certified is worth nothing any more.
     *
     * @param key which; another one is kept
     */
    public void forget(CertifiedKey key) {
        current.exclusively(
                () ->
                        read().filter(kept -> kept.chain().equals(key.chain())).isPresent()
                                && current.delete());
    }
}
