package io.runnel.attestation.authority;

import io.runnel.attestation.AttestationException;
import io.runnel.attestation.SecretFile;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.RegionId;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The files of a data folder that say whom its nodes believe and who certifies them: {@code
 * ca.pem}, the root's certificate, for everybody; {@code authority/region-REGION.pem}, a region's
 * key and certificate; and {@code authority/root.pem}, the root's own, only where the network was
 * begun on this machine and its operator has not taken it away. Only their owner may read the last
 * two.
 */
public final class AuthorityFolder {
    private final Path data;

    /** That of a network's data folder. */
    public AuthorityFolder(Path data) {
        this.data = data;
    }

    /** The certificate of the root. */
    public Path rootCertificate() {
        return data.resolve("ca.pem");
    }

    /** The root's key, with its certificate. */
    public Path rootKey() {
        return data.resolve("authority").resolve("root.pem");
    }

    /** A region's key, with its certificate. */
    public Path regionKey(RegionId region) {
        return data.resolve("authority").resolve("region-%s.pem".formatted(region));
    }

    /**
     * The certificate of the root, if it is there.
     *
     * @throws io.runnel.attestation.certificate.PemException if the file holds something else
     * @throws UncheckedIOException if it cannot be read
     */
    public Optional<X509Certificate> root() {
        try {
            return Optional.of(Pem.certificates(Files.readString(rootCertificate())).getFirst());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A region's authority, if its key is there.
     *
     * @throws io.runnel.attestation.certificate.PemException if the file holds something else
     * @throws AttestationException if it cannot be read, or is open to others
     */
    public Optional<CertificateAuthority> authority(RegionId region, SecureRandom random) {
        return key(regionKey(region)).map(key -> new CertificateAuthority(key, random));
    }

    private static Optional<CertifiedKey> key(Path file) {
        return new SecretFile(file).read().map(text -> Pem.key(text, Optional.empty()));
    }

    /**
     * Makes what is missing for these regions: a root, if there is none at all; authorities, if the
     * root's key is here, anew those that are in the last third of their life. What one certified
     * counts on; other machines may go on with its key, as long as it lives.
     *
     * @return the regions whose authority is missing and could not be made
     */
    public List<RegionId> ensure(
            String network, List<RegionId> regions, Instant now, SecureRandom random) {
        return new SecretFile(rootKey())
                .exclusively(() -> ensureAlone(network, regions, now, random));
    }

    private List<RegionId> ensureAlone(
            String network, List<RegionId> regions, Instant now, SecureRandom random) {
        if (root().isEmpty() && key(rootKey()).isEmpty()) {
            CertifiedKey root = CertificateAuthority.root(network, now, random);
            new SecretFile(rootKey()).write(Pem.of(root));
        }
        Optional<CertifiedKey> root = key(rootKey());
        // Written last: what is there has all that it speaks of.
        if (root.isPresent() && root().isEmpty()) {
            write(rootCertificate(), Pem.of(root.get().chain()));
        }
        if (root.isEmpty()) {
            return regions.stream().filter(region -> key(regionKey(region)).isEmpty()).toList();
        }
        var authority = new CertificateAuthority(root.get(), random);
        for (RegionId region : regions) {
            if (key(regionKey(region)).filter(key -> !isOld(key, now)).isPresent()) {
                continue;
            }
            CertifiedKey made =
                    authority.create(
                            new Identity.Authority(authority.identity().network(), region),
                            now,
                            CertificateAuthority.AUTHORITY_LIFE);
            new SecretFile(regionKey(region)).write(Pem.of(made));
        }
        return List.of();
    }

    private static boolean isOld(CertifiedKey key, Instant now) {
        Instant end = key.certificate().getNotAfter().toInstant();
        return now.isAfter(end.minus(CertificateAuthority.AUTHORITY_LIFE.dividedBy(3)));
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
