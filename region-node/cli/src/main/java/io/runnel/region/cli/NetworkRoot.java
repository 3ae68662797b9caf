package io.runnel.region.cli;

import io.runnel.attestation.Profile;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.certificate.PemException;
import io.runnel.attestation.identity.ChainCheck;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Verdict;
import io.runnel.attestation.tls.RegionTrust;
import io.runnel.region.cli.supervisor.DataFolder;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.InstantSource;
import java.util.Optional;

import javax.net.ssl.SSLException;

/**
 * By whose certificate a command knows the regions of its network: what the variable {@code
 * RUNNEL_CA} names, else the profile's {@code ca}, else that of the data folder.
 *
 * @param file the root's certificate as PEM, be it there or not
 */
record NetworkRoot(Path file) {
    static final String VARIABLE = "RUNNEL_CA";

    /** That of this shell and data folder. */
    static NetworkRoot of(Shell shell, DataFolder data, Optional<Profile> profile) {
        return shell.variable(VARIABLE)
                .map(Path::of)
                .or(() -> profile.flatMap(Profile::ca))
                .map(NetworkRoot::new)
                .orElseGet(() -> of(data));
    }

    /** That of this data folder. */
    static NetworkRoot of(DataFolder data) {
        return new NetworkRoot(data.rootCertificate());
    }

    /** A client that believes the regions of this root's network, and nobody else. */
    HttpClient newClient() {
        return Api.newClient(
                builder ->
                        builder.sslContext(
                                new RegionTrust(chains(), InstantSource.system()).context()));
    }

    private ChainCheck chains() {
        try {
            return new ChainVerifier(Pem.certificates(Files.readString(file)).getFirst());
        } catch (IOException e) {
            return nobody("%s: %s".formatted(file, io.runnel.region.cli.Reason.of(e)));
        } catch (PemException | IllegalArgumentException e) {
            return nobody("%s: %s".formatted(file, e.getMessage()));
        }
    }

    /** Said when it matters: who reaches nobody need not know whom to believe. */
    private static ChainCheck nobody(String why) {
        return (chain, at) -> Verdict.rejected(Reason.ISSUER_UNKNOWN, why);
    }

    /** Why somebody there is not spoken with, and what to do. */
    String refusal(SSLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return ("who answers there is not believed to be a region of this network: %s; its"
                                + " root's certificate is to be in %s (%s=FILE names another)")
                        .formatted(cause.getMessage(), file, VARIABLE);
            }
        }
        return "no TLS with who answers there: " + e.getMessage();
    }
}
