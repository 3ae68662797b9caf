package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.CredentialsFile;
import io.runnel.attestation.Profile;
import io.runnel.region.cli.supervisor.DataFolder;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The account that {@code up} makes. */
class FirstAccountTest {
    private static final String MAKE = "POST /v1/accounts";
    private static final String KEY = "POST /v1/accounts/demo/keys";

    @TempDir private Path folder;
    private final SecureRandom random = new SecureRandom();
    private final BearerToken key = BearerToken.generate(random);
    private final List<String> told = new ArrayList<>();
    private CredentialsFile credentials;
    private TestRoot root;

    @BeforeEach
    void prepare() {
        root = TestRoot.in(folder);
        credentials = new CredentialsFile(folder.resolve("credentials"));
        credentials.put(new Profile("admin", BearerToken.generate(random), Optional.<URI>empty()));
    }

    @Test
    void anotherMachineMayHaveMadeIt() throws IOException {
        try (CannedServer registry = made(CannedServer.region(root))) {
            registry.on(MAKE, 409, "{\"code\": \"account-exists\"}");
            ensure(registry.uri(), told::add);
            assertEquals(List.of(MAKE, KEY), registry.questions());
            assertEquals(key.text(), profile().token().text());
            ensure(registry.uri(), told::add);
            assertEquals(2, registry.questions().size(), "there is a key");
        }
    }

    /** What was written when regions spoke in clear text. */
    @Test
    void anAddressInClearTextBecomesThatOfToday() {
        URI registry = URI.create("https://127.0.0.1:9081");
        for (String before : List.of("http://127.0.0.1:9081", "http://elsewhere:9081")) {
            credentials.put(
                    new Profile(
                            "demo",
                            key,
                            Optional.of(URI.create(before)),
                            Optional.of(root.file())));
            ensure(registry, told::add);
            URI after = before.contains("elsewhere") ? URI.create(before) : registry;
            assertEquals(Optional.of(after), profile().endpoint());
            assertEquals(Optional.of(root.file()), profile().ca());
            assertEquals(key.text(), profile().token().text());
        }
    }

    @Test
    void itWaitsForTheRegistry() throws IOException {
        List<CannedServer> started = new ArrayList<>();
        // Bound, the port is nobody else's; nobody listens there yet.
        try (Socket held = new Socket()) {
            held.setReuseAddress(true);
            held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = held.getLocalPort();
            ensure(
                    URI.create("https://127.0.0.1:" + port),
                    text -> {
                        told.add(text);
                        if (started.isEmpty()) {
                            started.add(made(server(port)));
                        }
                    });
            assertTrue(told.getFirst().endsWith("does not answer yet"), told::toString);
            assertEquals(key.text(), profile().token().text());
        } finally {
            started.forEach(CannedServer::close);
        }
    }

    @Test
    void aRefusalIsTold() throws IOException {
        try (CannedServer registry = CannedServer.region(root)) {
            registry.on(MAKE, 403, "{\"code\": \"forbidden\", \"detail\": \"Not you.\"}");
            ApiException refused =
                    assertThrows(ApiException.class, () -> ensure(registry.uri(), told::add));
            assertEquals(403, refused.status());
            assertEquals(List.of(MAKE), registry.questions());
        }
    }

    private void ensure(URI registry, Consumer<String> tell) {
        new FirstAccount(new DataFolder(folder), credentials, tell).ensure(registry);
    }

    private Profile profile() {
        return credentials.profile("demo").orElseThrow();
    }

    private CannedServer made(CannedServer registry) {
        String[] parts = key.text().split("\\.", -1);
        String body = "{\"id\": \"%s\", \"secret\": \"%s\"}".formatted(parts[0], parts[1]);
        return registry.on(MAKE, 201, "{}").on(KEY, 201, body);
    }

    private CannedServer server(int port) {
        try {
            return CannedServer.region(root, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
