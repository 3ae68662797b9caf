package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Holds the classes of every room to {@link House}'s plan. */
final class ArchitectureTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
    private static final HouseRules RULES = new HouseRules("io.runnel", House.ROOMS);

    private static final JavaClasses MAIN =
            new ClassFileImporter()
                    .withImportOption(location -> !location.contains("/test-classes/"))
                    .importPackages("io.runnel");

    @Test
    void roomsUseOnlyWhatTheyMay() {
        String broken =
                RULES.dependencies().stream()
                        .map(rule -> rule.evaluate(MAIN))
                        .filter(result -> result.hasViolation())
                        .map(result -> result.getFailureReport().toString())
                        .collect(Collectors.joining("\n"));
        assertEquals("", broken, broken);
    }

    @Test
    void everyClassIsInARoom() {
        RULES.nothingOutsideTheRooms().check(MAIN);
    }

    @Test
    void everyClassLiesInItsRoomsFolder() {
        Map<String, String> folders =
                House.ROOMS.stream()
                        .collect(Collectors.toMap(House.Room::name, House.Room::folder));
        assertEquals(List.of(), RULES.strangers(MAIN.stream(), folders));
    }

    @Test
    void onlyMainsEndTheProcess() {
        RULES.onlyMainsExit().check(MAIN);
    }

    @Test
    void pureRoomsGetTimeAndChanceAsArguments() {
        RULES.pureRoomsReadNoClock(House.PURE).check(MAIN);
    }

    @Test
    void noTestSleeps() throws IOException {
        List<Path> tests =
                modules().stream()
                        .map(module -> ROOT.resolve(module).resolve("target/checked/test-classes"))
                        .filter(Files::isDirectory)
                        .toList();
        assertFalse(tests.isEmpty(), "no test classes below " + ROOT);
        JavaClasses read =
                new ClassFileImporter()
                        .withImportOption(location -> !location.contains("/jmh_generated/"))
                        .withImportOption(location -> !location.contains("/invented/"))
                        .importPaths(tests);
        HouseRules.noSleep().check(read);
    }

    @Test
    void everyModuleOfTheBuildIsInThePlanAndWasRead() throws IOException {
        Set<String> planned =
                House.ROOMS.stream().map(House.Room::folder).collect(Collectors.toSet());
        Set<String> read =
                MAIN.stream()
                        .map(RULES::roomOf)
                        .flatMap(room -> room.stream())
                        .collect(Collectors.toSet());
        for (String module : modules()) {
            assertTrue(planned.contains(module), module + " is not in House.ROOMS");
            assertTrue(
                    House.ROOMS.stream()
                            .filter(room -> room.folder().equals(module))
                            .allMatch(room -> read.contains(room.name())),
                    module + " is not among the dependencies of chaos-tests");
        }
    }

    @Test
    void thePlanHasNoCircle() {
        for (House.Room room : House.ROOMS) {
            room.rooms()
                    .forEach(
                            other ->
                                    assertFalse(
                                            House.reach(House.ROOMS, other).contains(room.name()),
                                            room.name() + " and " + other));
        }
    }

    /** The rules see what they forbid: in a small house where each is broken once. */
    @Test
    void inventedViolationsAreCaught() {
        HouseRules rules = new HouseRules("invented", inventedRooms());
        JavaClasses broken = new ClassFileImporter().importPackages("invented");
        String dependencies =
                rules.dependencies().stream()
                        .map(rule -> rule.evaluate(broken).getFailureReport().toString())
                        .collect(Collectors.joining("\n"));
        assertTrue(dependencies.contains("invented.pop.AsksRegion"), dependencies);
        assertTrue(dependencies.contains("java.util.logging.Logger"), dependencies);
        assertTrue(dependencies.contains("com.fasterxml.jackson"), dependencies);
        rules.dependencies().getLast().check(broken);
        assertThrows(AssertionError.class, () -> rules.nothingOutsideTheRooms().check(broken));
        assertThrows(AssertionError.class, () -> rules.onlyMainsExit().check(broken));
        assertThrows(AssertionError.class, () -> HouseRules.noSleep().check(broken));
        assertThrows(
                AssertionError.class,
                () -> rules.pureRoomsReadNoClock(Set.of("exec.task")).check(broken));
        rules.pureRoomsReadNoClock(Set.of("region.server")).check(broken);
        assertEquals(
                broken.size(), rules.strangers(broken.stream(), Map.of("pop", "pop-node")).size());
    }

    @Test
    void theOrderOfRoomsDoesNotMatterForTheInnermost() {
        HouseRules rules =
                new HouseRules(
                        "invented",
                        List.of(
                                new House.Room("a", "exec", Set.of(), Set.of()),
                                new House.Room("b", "exec.task", Set.of(), Set.of())));
        JavaClass type =
                new ClassFileImporter()
                        .importPackages("invented.exec.task")
                        .get("invented.exec.task.ReadsClock");
        assertEquals("exec.task", rules.roomOf(type).orElseThrow());
    }

    private static List<House.Room> inventedRooms() {
        return List.of(
                new House.Room("exec-runtime/task", "exec.task", Set.of(), Set.of()),
                new House.Room("pop-node", "pop", Set.of("exec.task"), Set.of()),
                new House.Room(
                        "region-node/server",
                        "region.server",
                        Set.of("exec.task"),
                        Set.of("Jackson")));
    }

    private static List<String> modules() throws IOException {
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        return MODULE.matcher(pom).results().map(found -> found.group(1)).toList();
    }
}
