package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class UrlPathTest {
    @Test
    void escapesAreDecodedOnce() {
        assertEquals(Optional.of(""), UrlPath.decode(""));
        assertEquals(Optional.of("/a b"), UrlPath.decode("/a%20b"));
        assertEquals(Optional.of("/é/%2F"), UrlPath.decode("/%C3%a9/%252F"));
        assertEquals(Optional.of("/../x"), UrlPath.decode("/%2e%2E/x"));
        assertEquals(Optional.of("/\\"), UrlPath.decode("/%5C"));
    }

    @Test
    void whatIsNotCertainIsRefused() {
        for (String path :
                List.of(
                        "/a%2Fb",
                        "/a%2fb",
                        "/%00",
                        "/%0d%0a",
                        "/%7F",
                        "/%",
                        "/%2",
                        "/%zz",
                        "/%+1",
                        "/%C3",
                        "/%FF%FE",
                        "/%C0%AF",
                        "/%ED%A0%80",
                        "/a b",
                        "/é",
                        "/\\")) {
            assertEquals(Optional.empty(), UrlPath.decode(path), path);
        }
    }
}
