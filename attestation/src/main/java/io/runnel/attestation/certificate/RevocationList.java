package io.runnel.attestation.certificate;

import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * What an authority says is revoked, with the certificate that says who it is.
 *
 * @param authority its certificate
 * @param list what it signed
 */
public record RevocationList(X509Certificate authority, X509CRL list) {
    /** Whether that authority's key signed it, and all of it is understood. */
    boolean isSigned() {
        if (!list.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
            return false;
        }
        try {
            list.verify(authority.getPublicKey());
            return !list.hasUnsupportedCriticalExtension();
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Whether it may be relied on at this time. */
    boolean isOf(Instant at) {
        return list.getNextUpdate() != null
                && !at.isAfter(list.getNextUpdate().toInstant())
                && !at.isBefore(list.getThisUpdate().toInstant());
    }

    /** Higher than that of the list before; zero if it has none. */
    BigInteger number() {
        byte[] value = list.getExtensionValue(Extension.cRLNumber.getId());
        if (value == null) {
            return BigInteger.ZERO;
        }
        try {
            return ASN1Integer.getInstance(JcaX509ExtensionUtils.parseExtensionValue(value))
                    .getPositiveValue();
        } catch (IOException | IllegalArgumentException e) {
            return BigInteger.ZERO;
        }
    }
}
