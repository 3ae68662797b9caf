package io.runnel.cluster.hazelcast;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.attestation.NetworkToken;
import io.runnel.exec.task.RegionId;

import java.security.GeneralSecurityException;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The name of a region's cluster, which works as its password: who does not know it is refused.
 * Derived from the network's token, so that whoever overhears it has not the token; and from the
 * region, so that nobody joins a cluster that is not his.
 */
final class ClusterSecret {
    private ClusterSecret() {}

    static String of(NetworkToken token, RegionId region) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(token.text().getBytes(UTF_8), "HmacSHA256"));
            byte[] code = mac.doFinal(("runnel cluster of " + region).getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(code);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
