package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

final class ApiExamplesTest {
    private static List<ApiExample> of(String yaml) {
        return ApiExamples.of(YamlText.read(yaml));
    }

    private static ApiExample one(String yaml) {
        List<ApiExample> all = of(yaml);
        assertEquals(1, all.size());
        return all.getFirst();
    }

    @Test
    void aCallIsMadeOfExamples() {
        ApiExample made =
                one(
                        """
                        security: []
                        paths:
                          /orders/{id}/{rest+}:
                            parameters:
                              - {name: id, in: path, example: a b/ü}
                              - {name: lang, in: query, example: nobody's}
                            post:
                              parameters:
                                - {name: rest, in: path, schema: {examples: [x/y z]}}
                                - $ref: '#/components/parameters/lang'
                                - {name: tags, in: query, example: [a, b&c]}
                                - {name: ids, in: query, explode: false, example: [1, 2]}
                                - {name: page, in: query}
                                - {name: X-Trace, in: header, schema: {default: 7}}
                                - {name: sid, in: cookie, example: s}
                              requestBody:
                                required: true
                                content:
                                  text/plain: {example: no}
                                  application/json; charset=utf-8:
                                    examples:
                                      first: {$ref: '#/components/examples/order'}
                              responses: {201: {}, 4XX: {}}
                        components:
                          parameters:
                            lang: {name: lang, in: query, examples: {one: {value: nl}}}
                          examples:
                            order: {value: {n: 1.50}}
                        """);
        assertEquals(Optional.empty(), made.skipped());
        assertEquals("POST /orders/{id}/{rest+}", made.route());
        assertEquals("POST", made.method());
        assertEquals(
                "/orders/a%20b%2F%C3%BC/x/y%20z?lang=nl&tags=a&tags=b%26c&ids=1%2C2", made.path());
        assertEquals(Map.of("X-Trace", "7", "Cookie", "sid=s"), made.headers());
        assertEquals(
                Optional.of(new ApiExample.Body("application/json; charset=utf-8", "{\"n\":1.50}")),
                made.body());
        assertEquals(Set.of("201", "4XX"), made.statuses());
        assertTrue(made.open());
        assertTrue(made.expects(201) && made.expects(404));
        assertFalse(made.expects(200) || made.expects(500));
    }

    @Test
    void whatHasNoExampleIsSkippedAndSaysWhy() {
        Map<String, String> all =
                Map.of(
                        "{parameters: [{name: q, in: query, required: true}]}",
                        "no example of query.q",
                        "{parameters: [{name: id, in: path}]}",
                        "no example of path.id",
                        "{}",
                        "no example of all of its path",
                        "{x-runnel-webhook: {}}",
                        "it is for somebody who signs",
                        "{parameters: [{name: id, in: path, example: 1}],"
                                + " requestBody: {required: true, content: {text/plain: {}}}}",
                        "no example of its body");
        all.forEach(
                (operation, why) ->
                        assertEquals(
                                Optional.of(why),
                                one("paths: {'/a/{id}': {get: %s}}".formatted(operation)).skipped(),
                                operation));
    }

    @Test
    void hostileDocumentsAreNoTrap() {
        assertEquals(List.of(), of("paths: 7"));
        assertEquals(List.of(), of("{}"));
        assertEquals(List.of(), of("paths: {/a: {$ref: '#/paths/~1a'}}"));
        ApiExample remote =
                one("paths: {/a: {get: {requestBody: {$ref: 'http://x/y'}, parameters: 7}}}");
        assertEquals(Optional.empty(), remote.body());
        ApiExample loop =
                one(
                        "paths: {/a: {get: {parameters: [{$ref: '#/components/parameters/a'}]}}}\n"
                            + "components: {parameters: {a: {$ref: '#/components/parameters/b'}, b:"
                            + " {$ref: '#/components/parameters/a'}}}");
        assertEquals("/a", loop.path());
        assertEquals("/a", one("paths: {/a: {get: {parameters: [{$ref: '#/%'}]}}}").path());
    }

    @Test
    void aDocumentThatDeclaresNoStatusExpectsAGoodOne() {
        ApiExample none = one("paths: {/a: {get: {security: [{key: []}]}}}");
        assertTrue(none.expects(200) && none.expects(302));
        assertFalse(none.expects(404) || none.expects(500));
        assertFalse(none.open());
        ApiExample any = one("paths: {/a: {get: {responses: {default: {}, 503: {}}}}}");
        assertTrue(any.expects(404) && any.expects(503));
        assertFalse(any.expects(502), "the network's own failure");
    }
}
