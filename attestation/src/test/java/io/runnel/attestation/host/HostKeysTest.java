package io.runnel.attestation.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.certificate.CertifiedKey;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class HostKeysTest {
    private final HostKey api = TestHost.key("EC", 256, "api.example.com", "example.com");
    private final HostKey any = TestHost.key("EC", 256, "*.example.com");
    private final HostKey rsa = TestHost.key("RSA", 2048, "api.example.com");
    private final HostKeys keys = new HostKeys(List.of(api, any, rsa));

    private Optional<HostKey> found(String name, String algorithm) {
        return keys.find(name, algorithm).flatMap(this::whose);
    }

    private Optional<HostKey> whose(CertifiedKey key) {
        return keys.all().stream().filter(each -> each.key().equals(key)).findFirst();
    }

    @Test
    void theNameItselfComesBeforeTheStar() {
        assertEquals(Optional.of(api), found("api.example.com", "EC"));
        assertEquals(Optional.of(any), found("www.example.com", "EC"));
        assertEquals(Optional.of(api), found("example.com", "EC"));
    }

    @Test
    void aStarIsOneLabel() {
        assertTrue(keys.has("a.example.com"));
        assertFalse(keys.has("a.b.example.com"));
        assertFalse(keys.has(".example.com"));
        assertFalse(keys.has("example.org"));
        assertFalse(keys.has(""));
    }

    @Test
    void lettersAndTheLastDotMakeNoDifference() {
        assertEquals(Optional.of(api), found("API.Example.com.", "EC"));
    }

    @Test
    void itIsOfTheKindThatIsWanted() {
        assertEquals(Optional.of(rsa), found("api.example.com", "RSA"));
        assertEquals(Optional.empty(), found("www.example.com", "RSA"));
        assertEquals(Optional.empty(), found("example.org", "EC"));
    }

    @Test
    void theUsualOneIsTheFirst() {
        assertEquals(Optional.of(api), keys.usual("EC").flatMap(this::whose));
        assertEquals(Optional.empty(), keys.usual("RSA"), "it lacks a name of the first");
        HostKey both = TestHost.key("RSA", 2048, "example.com", "api.example.com");
        HostKeys pair = new HostKeys(List.of(api, rsa, both));
        assertEquals(Optional.of(both.key()), pair.usual("RSA"));
        assertEquals(Optional.empty(), HostKeys.NONE.usual("EC"));
    }
}
