package io.runnel.routing.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.List;

class RouteTemplateTest {
    private static void refused(String text) {
        assertThrows(IllegalArgumentException.class, () -> RouteTemplate.parse(text), text);
    }

    @Test
    void aTemplateGivesBackWhatWasWritten() {
        for (String text :
                List.of("/", "/a", "/a/", "/orders/{id}", "/f/{path+}", "/naïve/{a_b-1}", "/a:b")) {
            assertEquals(text, RouteTemplate.parse(text).toString());
        }
        assertEquals(List.of("id", "rest"), RouteTemplate.parse("/a/{id}/b/{rest+}").parameters());
    }

    @Test
    void aParameterTakesAWholeSegmentAndTheRestIsLast() {
        refused("/a{id}");
        refused("/{id}b");
        refused("/{a}{b}");
        refused("/{}");
        refused("/{+}");
        refused("/{1a}");
        refused("/{a b}");
        refused("/{" + "a".repeat(65) + "}");
        refused("/{rest+}/b");
        refused("/{rest+}/");
        RouteTemplate.parse("/{" + "a".repeat(64) + "}");
    }

    @Test
    void aNameIsThereOnce() {
        refused("/{id}/{id}");
        refused("/{id}/{id+}");
    }

    @Test
    void segmentsAreNeitherEmptyNorDotsNorEncoded() {
        refused("");
        refused("a");
        refused("//");
        refused("/a//b");
        refused("/.");
        refused("/a/..");
        refused("/a/../b");
        refused("/%61");
        refused("/a?b");
        refused("/a#b");
        refused("/a\\b");
        refused("/a b");
        refused("/a\u0000");
        refused("/a\u00a0b");
        refused("/a\ud800");
        RouteTemplate.parse("/...");
        RouteTemplate.parse("/.well-known/x");
    }

    @Test
    void lengthsHaveLimits() {
        RouteTemplate.parse("/a".repeat(64));
        refused("/a".repeat(65));
        RouteTemplate.parse("/" + "a".repeat(1_023));
        refused("/" + "a".repeat(1_024));
    }
}
