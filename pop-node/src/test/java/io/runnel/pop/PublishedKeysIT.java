package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;

/** Anybody gets the keys that a POP's JWTs are signed with, from where users call it. */
class PublishedKeysIT {
    @TempDir private Path folder;

    private static JsonObject onlyKey(TestPop pop) throws Exception {
        HttpResponse<String> answer = pop.call("/_runnel/jwks.json");
        assertEquals(200, answer.statusCode());
        JsonObject set = new JsonObject(answer.body());
        assertEquals(1, set.getJsonArray("keys").size(), answer.body());
        return set.getJsonArray("keys").getJsonObject(0);
    }

    private static PublicKey read(JsonObject key) throws Exception {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        return KeyFactory.getInstance("EC")
                .generatePublic(
                        new ECPublicKeySpec(
                                new ECPoint(number(key, "x"), number(key, "y")),
                                curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static BigInteger number(JsonObject key, String name) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(key.getString(name)));
    }

    @Test
    void whatAPopSignsIsCheckedWithTheKeyThatItPublishes() throws Exception {
        try (TestPop pop = new TestPop(folder)) {
            String[] jwt = pop.identity().getString("jwt").split("\\.", -1);
            JsonObject key = onlyKey(pop);
            String header =
                    new String(Base64.getUrlDecoder().decode(jwt[0]), StandardCharsets.UTF_8);
            assertEquals(key.getString("kid"), new JsonObject(header).getString("kid"));
            Signature check = Signature.getInstance("SHA256withECDSAinP1363Format");
            check.initVerify(read(key));
            check.update((jwt[0] + "." + jwt[1]).getBytes(StandardCharsets.US_ASCII));
            assertTrue(check.verify(Base64.getUrlDecoder().decode(jwt[2])));
            pop.startAgain();
            assertTrue(pop.identity().containsKey("jwt"));
            assertEquals(key, onlyKey(pop));
        }
    }
}
