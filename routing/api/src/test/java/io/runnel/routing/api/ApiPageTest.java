package io.runnel.routing.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

class ApiPageTest {
    private static final List<String> HOSTILE =
            List.of(
                    "</script><script>alert(1)</script>",
                    "</SCRIPT\n>",
                    "<!--<script>",
                    "]]>",
                    "--!>",
                    "<img src=x onerror=alert(1)>",
                    "\u2028\u2029",
                    "&lt;&#60;",
                    "@SCRIPT@ @DOCUMENT@ @STYLE@",
                    "javascript:alert(1)",
                    "\"');alert(1)//");

    private static String page(String title) {
        return ApiPage.html(document(title));
    }

    private static String document(String title) {
        return StrictJson.write(
                com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                        .objectNode()
                        .put("title", title));
    }

    private static List<String> between(String text, String begin, String end) {
        List<String> found = new ArrayList<>();
        for (int at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + 1)) {
            int from = at + begin.length();
            found.add(text.substring(from, text.indexOf(end, from)));
        }
        return found;
    }

    @Test
    void aDocumentCannotLeaveItsElement() throws JsonProcessingException {
        String plain = page("");
        for (String title : HOSTILE) {
            String page = page(title);
            assertEquals(between(plain, "<", ">").size(), between(page, "<", ">").size(), title);
            String embedded = between(page, "id=\"document\">", "</script>").getFirst();
            for (String no : List.of("<", ">", "&", "\u2028", "\u2029")) {
                assertFalse(embedded.contains(no), title);
            }
            assertEquals(title, StrictJson.read(embedded).path("title").textValue());
        }
    }

    @Test
    void onlyThePagesOwnScriptMayRun() throws GeneralSecurityException {
        String page = page("x");
        String script = between(page, "<script>", "</script>").getFirst();
        String style = between(page, "<style>", "</style>").getFirst();
        String policy = between(page, "Content-Security-Policy\" content=\"", "\"").getFirst();
        assertTrue(policy.startsWith("default-src 'none'; "), policy);
        assertTrue(policy.contains("script-src '" + hash(script) + "'"), policy);
        assertTrue(policy.contains("style-src '" + hash(style) + "'"), policy);
        assertFalse(policy.contains("unsafe"), policy);
    }

    private static String hash(String text) throws GeneralSecurityException {
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return "sha256-" + Base64.getEncoder().encodeToString(hash);
    }

    @Test
    void nothingIsLoadedAndNothingBecomesMarkup() {
        String page = page("x");
        for (String no :
                List.of(
                        "src=",
                        "href=",
                        "url(",
                        "@import",
                        "innerHTML",
                        "outerHTML",
                        "insertAdjacent",
                        "document.write",
                        "eval(",
                        "new Function",
                        "localStorage",
                        "sessionStorage",
                        "document.cookie")) {
            assertFalse(page.contains(no), no);
        }
    }
}
