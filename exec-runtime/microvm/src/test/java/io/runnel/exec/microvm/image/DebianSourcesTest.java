package io.runnel.exec.microvm.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.microvm.image.DebianSources.Archive;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

final class DebianSourcesTest {
    @Test
    void ofAComputersArchivesThoseAreTakenThatAreDebians() {
        DebianSources found =
                DebianSources.parse(
                        List.of(
                                "http://a.example/debian/ bookworm",
                                "http://a.example/debian/ bookworm",
                                "http://a.example/debian bookworm-updates",
                                "http://b.example/debian-security/ bookworm-security",
                                "http://a.example/debian/ sid",
                                "http://tools.example/apt/ bookworm",
                                "http://a.example/debian/",
                                ""));
        assertEquals(
                List.of(
                        new Archive("http://a.example/debian/", "bookworm"),
                        new Archive("http://a.example/debian", "bookworm-updates"),
                        new Archive("http://b.example/debian-security/", "bookworm-security")),
                found.archives());
        assertEquals("http://a.example/debian/", found.first());
    }

    @Test
    void aMirrorHasAllOfIt() {
        assertEquals(
                """
                deb [signed-by=/keys] http://m.example/debian bookworm main
                deb [signed-by=/keys] http://m.example/debian bookworm-updates main
                deb [signed-by=/keys] http://m.example/debian-security bookworm-security main
                """,
                DebianSources.at("http://m.example").list(Path.of("/keys")));
    }
}
