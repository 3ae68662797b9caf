package io.runnel.routing.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.runnel.exec.task.AccountId;

/** Documents for tests. */
final class Documents {
    static final AccountId DEMO = new AccountId("demo");

    private Documents() {}

    /** One whose root has a task, and more fields. */
    static String with(String fields) {
        return """
        {"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"},
         "x-runnel-task": "shop", %s}
        """
                .formatted(fields);
    }

    /** One with this operation alone. */
    static String of(String method, String path, String operation) {
        return with(
                """
                "paths": {"%s": {"%s": %s}}
                """
                        .formatted(path, method, operation));
    }

    static Api read(String json) {
        try {
            return ApiDocument.read(json, DEMO);
        } catch (ApiDocumentException e) {
            throw new AssertionError(e.pointer() + ": " + e.getMessage(), e);
        }
    }

    static Operation only(String json) {
        Api api = read(json);
        assertEquals(1, api.operations().size());
        return api.operations().getFirst();
    }

    /** That a document is refused there, with these words in the sentence. */
    static void assertFlaw(String pointer, String words, String json) {
        ApiDocumentException flaw =
                assertThrows(ApiDocumentException.class, () -> ApiDocument.read(json, DEMO));
        assertEquals(pointer + ": " + words, flaw.pointer() + ": " + around(flaw, words));
    }

    private static String around(ApiDocumentException flaw, String words) {
        return flaw.getMessage().contains(words) ? words : flaw.getMessage();
    }

    /** A check of one operation's requests. */
    static RequestChecks checks(String operation) {
        return only(of("post", "/orders/{id}", operation)).checks();
    }
}
