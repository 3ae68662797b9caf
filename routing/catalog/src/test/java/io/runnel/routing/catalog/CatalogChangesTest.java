package io.runnel.routing.catalog;

import static io.runnel.routing.catalog.FeedFixture.EAST;
import static io.runnel.routing.catalog.FeedFixture.WEST;
import static io.runnel.routing.catalog.FeedFixture.account;
import static io.runnel.routing.catalog.FeedFixture.grant;
import static io.runnel.routing.catalog.FeedFixture.key;
import static io.runnel.routing.catalog.FeedFixture.task;
import static io.runnel.routing.catalog.FeedFixture.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which accounts a catalog tells other things of than another one. */
final class CatalogChangesTest {
    private static final int NAMES = 300;
    private static final int STEPS = 150;

    private final FeedFixture west = new FeedFixture(WEST, "WESTLOG");
    private final FeedFixture east = new FeedFixture(EAST, "EASTLOG");

    private static Set<AccountId> named(String... names) {
        return Stream.of(names).map(AccountId::new).collect(Collectors.toSet());
    }

    /** Whichever of both one asks. */
    private static void assertChanged(Set<AccountId> expected, Catalog before, Catalog after) {
        assertEquals(expected, after.changedSince(before));
        assertEquals(expected, before.changedSince(after));
    }

    @Test
    void whoIsNewIsChangedOrGoneIsTold() {
        west.write(account("a", WEST));
        west.write(account("b", WEST));
        Catalog first = Catalog.EMPTY.with(west.written());
        assertChanged(Set.of(), Catalog.EMPTY, Catalog.EMPTY);
        assertChanged(named("a", "b"), Catalog.EMPTY, first);
        assertChanged(Set.of(), first, first);

        Catalog more = first.with(List.of(west.write(account("c", WEST))));
        assertChanged(named("c"), first, more);
        Catalog deployed = more.with(List.of(west.write(version("a", "hello", 1))));
        assertChanged(named("a"), more, deployed);
        Catalog without = deployed.with(List.of(west.delete(account("b", WEST))));
        assertChanged(named("b"), deployed, without);
        assertChanged(named("a", "b", "c"), first, without);
    }

    @Test
    void keysAloneAreNoChange() {
        west.write(account("a", WEST));
        Catalog first = Catalog.EMPTY.with(west.written());
        assertChanged(Set.of(), first, first.with(List.of(west.write(key("a", 'A')))));
    }

    @Test
    void whoMovesIsTold() {
        for (String name : List.of("a", "b")) {
            west.write(account(name, WEST));
            west.write(version(name, "hello", 1));
        }
        Catalog first = Catalog.EMPTY.with(west.written());
        Catalog copied = first.with(List.of(east.write(version("a", "hello", 1))));
        Catalog moved = copied.with(List.of(east.write(account("a", WEST).movedTo(EAST))));
        assertChanged(named("a"), copied, moved);
        assertChanged(named("a"), first, moved);
    }

    @Test
    void allOfAnOriginAreWhenItGoesOrComesAsASnapshot() {
        west.write(account("a", WEST));
        east.write(account("b", EAST));
        east.write(account("c", EAST));
        Catalog both = Catalog.EMPTY.with(west.written()).with(east.written());
        assertChanged(named("b", "c"), both, both.withoutOrigin(EAST));
        assertChanged(named("b", "c"), both, both.withSnapshot(EAST, east.written()));
    }

    /** All that a catalog tells of an account, but for its keys. */
    private static List<Object> told(Catalog catalog, AccountId id) {
        List<Object> told = new ArrayList<>();
        told.add(catalog.stampedAccount(id));
        told.add(catalog.callerAliases(id));
        told.add(Set.copyOf(catalog.versions(id).toList()));
        told.add(catalog.tasks(id));
        TaskRef hello = TaskRef.of(id.value(), "hello");
        told.add(catalog.stampedTask(hello));
        told.add(catalog.grants(hello).toList());
        told.add(catalog.highestVersion(hello));
        return told;
    }

    /** All versions, looked for account by account: in no other account's are any. */
    private static Set<VersionRecord> versions(Catalog catalog, Set<AccountId> accounts) {
        return accounts.stream().flatMap(catalog::versions).collect(Collectors.toSet());
    }

    private record Step(Catalog catalog, Set<AccountId> touched) {}

    /** By chance, against a look at every account; nobody is told of whom nothing was written. */
    @Test
    void noneIsMissedAndNoneIsToldForNothing() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Set<AccountId> accounts = new HashSet<>();
        for (int i = 0; i < NAMES; i++) {
            accounts.add(new AccountId("a" + i));
        }
        List<Step> steps = new ArrayList<>(List.of(new Step(Catalog.EMPTY, Set.of())));
        for (int i = 1; i <= STEPS; i++) {
            steps.add(next(steps.getLast().catalog(), random));
            Catalog after = steps.getLast().catalog();
            int from = random.nextBoolean() ? i - 1 : random.nextInt(i);
            Catalog before = steps.get(from).catalog();
            Set<AccountId> touched =
                    steps.subList(from + 1, steps.size()).stream()
                            .flatMap(step -> step.touched().stream())
                            .collect(Collectors.toSet());
            Set<AccountId> differ =
                    accounts.stream()
                            .filter(id -> !told(before, id).equals(told(after, id)))
                            .collect(Collectors.toSet());
            String at = "seed %d, from step %d to %d".formatted(seed, from, i);
            Set<AccountId> changed = after.changedSince(before);
            assertTrue(changed.containsAll(differ), at + ": missed");
            assertTrue(touched.containsAll(changed), at + ": told for nothing");
            assertEquals(changed, before.changedSince(after), at);
            assertEquals(
                    versions(after, accounts), after.allVersions().collect(Collectors.toSet()), at);
        }
        assertTrue(steps.getLast().catalog().accountCount() > NAMES / 4, "it grew: seed " + seed);
    }

    private Step next(Catalog before, Random random) {
        FeedFixture origin = random.nextBoolean() ? west : east;
        if (random.nextInt(20) == 0) {
            Map<String, FeedRecord> last = new LinkedHashMap<>();
            for (FeedRecord record : origin.written()) {
                String key = record.kind() + " " + record.key();
                last.remove(key);
                last.put(key, record);
            }
            List<FeedRecord> snapshot = List.copyOf(last.values());
            return new Step(
                    before.withSnapshot(origin.origin, snapshot),
                    origin.written().stream()
                            .map(CatalogChangesTest::subject)
                            .collect(Collectors.toSet()));
        }
        List<FeedRecord> records = new ArrayList<>();
        Set<AccountId> touched = new HashSet<>();
        for (int i = random.nextInt(1 << random.nextInt(6)); i >= 0; i--) {
            String name = "a" + random.nextInt(NAMES);
            touched.add(new AccountId(name));
            records.add(write(origin, name, random));
        }
        return new Step(before.with(records), touched);
    }

    private static AccountId subject(FeedRecord record) {
        return new AccountId(record.key().replaceAll("/.*", ""));
    }

    private static FeedRecord write(FeedFixture origin, String name, Random random) {
        CatalogRecord said =
                switch (random.nextInt(6)) {
                    case 0 -> version(name, "hello", 1 + random.nextInt(3));
                    case 1 -> task(name, "hello", 1, 3);
                    case 2 -> grant(name, "hello", "beta", "default");
                    case 3 -> calling(name);
                    default -> moved(name, random);
                };
        return random.nextInt(4) == 0 ? origin.delete(said) : origin.write(said);
    }

    private static AccountRecord moved(String name, Random random) {
        AccountRecord made = account(name, WEST);
        for (int i = random.nextInt(4); i > 0; i--) {
            RegionId next = made.home().equals(WEST) ? EAST : WEST;
            made = made.movedTo(next);
        }
        return made;
    }

    private static CallerAliasRecord calling(String name) {
        return new CallerAliasRecord(
                TaskRef.of(name, "pay"),
                TaskRef.of("acme", "charge"),
                Qualifier.NONE,
                Map.of(),
                Optional.empty());
    }
}
