package io.runnel.topology;

import static io.runnel.topology.Policy.Action.FETCH_CODE;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Requirements;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

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
                new Requirements(
                        Map.of(
                                "software.digest",
                                List.of("sha256:aa", "sha256:bb"),
                                "java",
                                List.of("25.0.1+8"))),
                topology.required(Policy.Action.JOIN));
        assertEquals(topology, TopologyReader.parse(TopologyWriter.write(topology)));
        assertEquals(Requirements.NONE, topology.required(Policy.Action.REPLICATE));
    }

    @Test
    void anAccountMayHaveItsOwn() {
        Topology topology =
                TopologyReader.parse(
                        with(
                                """
                                policies:
                                  - {action: fetch-code, require: [{fact: zone, in: [a]}]}
                                  - {action: fetch-code, account: acme, require: [{fact: zone, in: [b]}]}
                                  - {action: fetch-code, account: free, require: []}
                                """));
        assertEquals(topology, TopologyReader.parse(TopologyWriter.write(topology)));
        assertEquals(zone("b"), topology.required(FETCH_CODE, new AccountId("acme")));
        assertEquals(zone("a"), topology.required(FETCH_CODE, new AccountId("other")));
        assertEquals(Requirements.NONE, topology.required(FETCH_CODE, new AccountId("free")));
        Expect.problems(
                with(
                        """
                        policies:
                          - {action: join, account: acme, require: []}
                          - {action: fetch-code, account: acme, require: []}
                          - {action: fetch-code, account: acme, require: []}
                        """),
                "acme - no account goes with the action join (policies[0].account)",
                "fetch-code - an action has one policy for an account: the first is at 3:14"
                        + " (policies[2].action)");
    }

    @Test
    void aTaskMayHaveItsOwnOfItsCallers() {
        Topology topology =
                TopologyReader.parse(
                        with(
                                """
                                policies:
                                  - {action: invoke, require: [{fact: zone, in: [a]}]}
                                  - {action: invoke, account: acme, require: [{fact: zone, in: [b]}]}
                                  - {action: invoke, task: acme/pay, require: [{fact: zone, in: [c]}]}
                                  - {action: invoke, task: acme/free, require: []}
                                """));
        assertEquals(topology, TopologyReader.parse(TopologyWriter.write(topology)));
        assertEquals(zone("a"), topology.requiredOfCallers(TaskRef.of("other", "pay")));
        assertEquals(zone("b"), topology.requiredOfCallers(TaskRef.of("acme", "other")));
        assertEquals(zone("c"), topology.requiredOfCallers(TaskRef.of("acme", "pay")));
        assertEquals(Requirements.NONE, topology.requiredOfCallers(TaskRef.of("acme", "free")));
        Expect.problems(
                with(
                        """
                        policies:
                          - {action: join, task: acme/pay, require: []}
                          - {action: invoke, account: acme, task: acme/pay, require: []}
                          - {action: invoke, task: pay, require: []}
                          - {action: invoke, task: acme/pay, require: []}
                          - {action: invoke, task: acme/pay, require: []}
                        """),
                "acme/pay - no task goes with the action join (policies[0].task)",
                "acme/pay - a policy is about a task or an account: its task names both"
                        + " (policies[1].task)",
                "pay - task must be ACCOUNT/NAME: 'pay' (policies[2].task)",
                "invoke - an action has one policy for a task: the first is at 5:14"
                        + " (policies[4].action)");
    }

    private static Requirements zone(String name) {
        return new Requirements(Map.of("zone", List.of(name)));
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
                "leave - action must be one of join, replicate,"
                        + " fetch-code, read-secret, receive-traffic, invoke: 'leave'"
                        + " (policies[0].action)",
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
}
