package io.runnel.routing.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * A page that shows what an API has, and lets its reader try it. It brings all it needs: nothing is
 * loaded from anywhere, and only its own script, known by its hash, may run in it. What the
 * document says becomes text, never markup. Pure; any thread.
 */
public final class ApiPage {
    private static final String SCRIPT = resource("page.js");
    private static final String STYLE = resource("page.css");
    private static final String PAGE =
            resource("page.html")
                    .replace("@SCRIPT_HASH@", hash(SCRIPT))
                    .replace("@STYLE_HASH@", hash(STYLE))
                    .replace("@SCRIPT@", SCRIPT)
                    .replace("@STYLE@", STYLE);
    private static final String DOCUMENT = "@DOCUMENT@";

    private ApiPage() {}

    /**
     * The page, in UTF-8.
     *
     * @param publishedDocument as {@link ApiDocument#published} makes it
     */
    public static String html(String publishedDocument) {
        int at = PAGE.indexOf(DOCUMENT);
        return PAGE.substring(0, at)
                + embedded(publishedDocument)
                + PAGE.substring(at + DOCUMENT.length());
    }

    /**
     * JSON that may stand within an element of a page: what could end the element, or begin a
     * comment, is in strings only, where it can be written otherwise.
     */
    private static String embedded(String json) {
        StringBuilder safe = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029') {
                safe.append("\\u%04x".formatted((int) c));
            } else {
                safe.append(c);
            }
        }
        return safe.toString();
    }

    private static String hash(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String resource(String name) {
        try (InputStream stream = ApiPage.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("not in the jar: " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
