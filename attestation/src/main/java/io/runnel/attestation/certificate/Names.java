package io.runnel.attestation.certificate;

import io.runnel.attestation.identity.Identity;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** The names in certificates. */
final class Names {
    private Names() {}

    /** For people and for finding who certified whom; what counts is the alternative name. */
    static X500Name distinguished(Identity who) {
        String path = who.uri().substring(("runnel://" + who.network() + "/").length());
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, who.network())
                .addRDN(BCStyle.CN, path)
                .build();
    }

    /** Who a certificate speaks of: its one URI, if that is an identity. */
    static Optional<Identity> identity(X509Certificate certificate) {
        List<String> uris;
        try {
            var names = certificate.getSubjectAlternativeNames();
            if (names == null) {
                return Optional.empty();
            }
            uris =
                    names.stream()
                            .filter(n -> n.get(0).equals(GeneralName.uniformResourceIdentifier))
                            .map(n -> (String) n.get(1))
                            .toList();
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
        return uris.size() == 1 ? Identity.parse(uris.getFirst()) : Optional.empty();
    }
}
