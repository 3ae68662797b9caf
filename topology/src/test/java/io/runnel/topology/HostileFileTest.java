package io.runnel.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;

final class HostileFileTest {
    @Test
    void aTabIsNamed() {
        Expect.problems(
                "network: x\n\tregions: []\n",
                "\tregions: - a tab cannot indent in YAML: use spaces");
    }

    @Test
    void brokenYamlIsToldWithItsPlace() {
        Problem problem = Expect.problems("network: x\nregions: [\n  - {name: a\n").getFirst();
        assertTrue(problem.message().startsWith("not YAML: "), problem::toString);
        assertTrue(problem.line() >= 3, problem::toString);
    }

    @Test
    void anEmptyFileIsNoTopology() {
        Expect.problems("", "the file is empty: network and regions are missing");
        Expect.problems("# nothing\n", "the file is empty: network and regions are missing");
        Expect.problems(
                "network: a\n--- # next\nnetwork: b\n", "--- - there must be one document only");
    }

    @Test
    void anAliasBombIsNotExpanded() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            String before = ", *a" + (i - 1);
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, before.repeat(9).substring(2)));
        }
        List<Problem> problems = Expect.problems(bomb.toString());
        assertEquals(Problems.MOST + 1, problems.size());
        assertTrue(problems.getLast().message().endsWith("more problems"), problems::toString);
    }

    @Test
    void aliasesAnchorsAndTagsAreRefusedWhereTheyStand() {
        Expect.problemsOfSmall(
                "region: north",
                "region: *here",
                "*here - a topology has no alias: '*here'; write the value itself");
        Expect.problemsOfSmall(
                "region: north",
                "region: &here north",
                "&here - a topology has no anchor: '&here'; write the value itself");
        Expect.problemsOfSmall(
                "region: north",
                "region: !!javax.script.ScriptEngineManager north",
                "!!javax.script.ScriptEngineManager - a topology has no tag:"
                        + " 'tag:yaml.org,2002:javax.script.ScriptEngineManager';"
                        + " write the value itself");
    }

    @Test
    void depthAndNumberOfValuesAreLimited() {
        String deep = "a: " + "[".repeat(100_000);
        Expect.problems(deep, "[".repeat(100_000 - 15) + " - nested too deeply: 16 levels at most");
        String many = "a: [" + "1,".repeat(YamlTree.MOST_NODES) + "]";
        assertEquals(
                "too many values: %d at most".formatted(YamlTree.MOST_NODES),
                Expect.problems(many).getFirst().message());
        assertEquals(
                "a topology must be at most 1 MiB: 1048577",
                Expect.problems("x".repeat(TopologyReader.MOST_BYTES + 1)).getFirst().message());
    }

    @Test
    void listsAreLimited() {
        String regions = "pops:\n" + "  - {}\n".repeat(TopologyReader.MOST_POPS + 1);
        assertTrue(
                Expect.problems(regions).stream()
                        .anyMatch(p -> p.message().equals("pops must be at most 1000: 1001")));
    }

    @Test
    void controlCharactersAreNamedAndNeverShown() {
        Expect.problems(
                "network: a\u001b[31m\n",
                "\u001b[31m - a control character does not belong here: U+001B");
        Problem problem =
                Expect.problems(Expect.changed("slots: 1\n", "slots: \"\\e[31m\\u202e\"\n"))
                        .getFirst();
        assertEquals("slots must be a whole number: '?[31m?'", problem.message());
    }

    @Test
    void aByteOrderMarkIsNoMistake() {
        assertEquals(Samples.small(), TopologyReader.parse("\ufeff" + Samples.SMALL));
    }

    /** Whatever is changed in a file: it is read, or there are problems, each within the file. */
    @Test
    void anyDamageIsReadOrRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String text = TopologyWriter.write(Samples.twoRegions());
        for (int i = 0; i < 1000; i++) {
            String damaged = damaged(text, random);
            try {
                TopologyReader.parse(damaged);
            } catch (TopologyException e) {
                String shown = "seed %d, round %d:%n%s".formatted(seed, i, e.getMessage());
                assertFalse(e.problems().isEmpty(), shown);
                long lines = damaged.lines().count() + 1;
                assertTrue(e.problems().stream().allMatch(p -> p.line() <= lines), shown);
            } catch (RuntimeException e) {
                throw new AssertionError("seed %d, round %d".formatted(seed, i), e);
            }
        }
    }

    private static String damaged(String text, Random random) {
        StringBuilder out = new StringBuilder(text);
        for (int n = random.nextInt(4); n >= 0; n--) {
            int at = random.nextInt(out.length());
            switch (random.nextInt(3)) {
                case 0 -> out.deleteCharAt(at);
                case 1 -> out.insert(at, "{}[]:,-#&*!|>'\"%@`\t\n 0x~?".charAt(random.nextInt(25)));
                default -> out.setCharAt(at, (char) random.nextInt(1 + 0xffff));
            }
        }
        return out.toString();
    }
}
