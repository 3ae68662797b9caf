package io.runnel.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a topology asks of whoever wants something. */
final class PolicyTest {
    private static final String HEAD = "network: ";

    private static String with(String policies) {
        return Expect.changed(HEAD, policies + HEAD);
    }

    @Test
    void itIsReadAsItStands() {
        Topology topology =
                TopologyReader.parse(
                        with(
                                """
                                policies:
                                  - action: join
                                    require:
                                      - {fact: software.digest, in: ["sha256:aa", "sha256:bb"]}
                                      - {fact: java, in: [25.0.1+8]}
                                """));
        assertEquals(
                Optional.of(
                        new Policy(
                                Policy.Action.JOIN,
                                Map.of(
                                        "software.digest",
                                        List.of("sha256:aa", "sha256:bb"),
                                        "java",
                                        List.of("25.0.1+8")))),
                topology.policy(Policy.Action.JOIN));
        assertEquals(topology, TopologyReader.parse(TopologyWriter.write(topology)));
        assertEquals(Optional.empty(), Samples.small().policy(Policy.Action.JOIN));
    }

    @Test
    void eachMistakeIsNamedAtItsPlace() {
        Expect.problems(
                with(
                        """
                        policies:
                          - {action: leave, require: []}
                          - {action: join}
                          - {action: join, require: []}
                        """),
                "leave - action must be one of join: 'leave' (policies[0].action)",
                "{action: - require is missing (policies[1])",
                "join - an action has one policy: the first is at 3:14 (policies[2].action)");
        Expect.problems(
                with(
                        """
                        policies:
                          - action: join
                            require:
                              - {fact: a..b, in: [x]}
                              - {fact: java, in: []}
                              - {fact: os}
                              - {in: [x]}
                              - {fact: role, in: ["a b"]}
                              - {fact: zone, in: [a]}
                              - {fact: zone, in: [b]}
                        """),
                "a..b - fact must be names of letters and digits with '.' between: 'a..b'"
                        + " (policies[0].require[0].fact)",
                "[ - in must have at least one value (policies[0].require[1].in)",
                "{fact: - in is missing (policies[0].require[2])",
                "{in: - fact is missing (policies[0].require[3])",
                "\"a - a fact's value is 1 to 256 printable characters without spaces, \" and \\:"
                        + " 'a b' (policies[0].require[4].in[0])",
                "zone - fact is given twice: zone (policies[0].require[6].fact)");
    }

    @Test
    void itHasItsBounds() {
        List<String> many = Collections.nCopies(Policy.MOST_VALUES + 1, "x");
        for (Map<String, List<String>> facts :
                List.of(
                        Map.of("a", many),
                        Map.of("a", List.<String>of()),
                        Map.of("a", List.of("")),
                        Map.of("a", List.of("x".repeat(257))),
                        Map.of("a", List.of("\u00e9")),
                        Map.of("", List.of("x")),
                        Map.of("a.", List.of("x")),
                        Map.of("a.b.c.d.e", List.of("x")))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Policy(Policy.Action.JOIN, facts),
                    facts::toString);
        }
    }
}
