package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;

import org.junit.jupiter.api.Test;

import java.util.List;

final class DocumentBodyTest {
    private static JsonBody read(String text) {
        return DocumentBody.read(Buffer.buffer(text));
    }

    @Test
    void theDocumentIsTheTextThatCame() {
        for (String document :
                List.of(
                        "{}",
                        "{ \"a\" : [ 1.10e400 , \"}\\\"\\u00e9é\" ] }",
                        "[1,[2]]",
                        "\"a\\\"b\"",
                        "12345678901234567890.50",
                        "-7",
                        "true",
                        "null",
                        "{\"a\":1,\"a\":2}")) {
            for (String form :
                    List.of(
                            "{\"document\":%s}",
                            " { \"document\" : %s , \"stage\" : \"dev\" } \n",
                            "{\"stage\":\"dev\",\"document\":%s\n}")) {
                JsonBody body = read(form.formatted(document));
                assertEquals(document, body.text("document"), form);
                assertEquals(form.contains("stage"), body.has("stage"));
            }
        }
        assertFalse(read("{}").has("document"));
    }

    @Test
    void whatIsNoSuchBodyIsRefused() {
        for (String bad :
                List.of(
                        "",
                        "7",
                        "[]",
                        "{",
                        "{\"document\"}",
                        "{\"document\":",
                        "{\"document\":{}",
                        "{\"document\":{},}",
                        "{\"document\":{}}{}",
                        "{\"document\":{}} x",
                        "{\"document\":tru}",
                        "{\"document\":{},\"document\":{}}",
                        "{\"stage\":\"a\",\"stage\":\"b\"}",
                        "{\"stage\":{\"a\":1,\"a\":1}}",
                        "{\"document\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
                        "{\"stage\":\"" + "x".repeat(2_000) + "\"}")) {
            RefusedException refused = assertThrows(RefusedException.class, () -> read(bad), bad);
            assertTrue(refused.problem().detail().orElse("").startsWith("body: "), bad);
        }
        Buffer broken = Buffer.buffer("{\"document\":\"").appendByte((byte) 0xff);
        assertThrows(RefusedException.class, () -> DocumentBody.read(broken.appendString("\"}")));
    }
}
