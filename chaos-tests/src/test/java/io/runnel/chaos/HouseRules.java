package io.runnel.chaos;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The rules that the plan makes, for a house whose packages start with {@code base}. */
final class HouseRules {
    private static final Set<String> SLEEPS =
            Set.of("java.lang.Thread.sleep", "java.util.concurrent.TimeUnit.sleep");
    private static final Set<String> EXITS =
            Set.of("java.lang.System.exit", "java.lang.Runtime.exit", "java.lang.Runtime.halt");
    private static final Set<String> CLOCKS_AND_DICE =
            Set.of(
                    "java.lang.System.currentTimeMillis",
                    "java.lang.System.nanoTime",
                    "java.lang.Math.random",
                    "java.time.Clock.systemUTC",
                    "java.time.InstantSource.system",
                    "java.time.Instant.now",
                    "java.util.UUID.randomUUID",
                    "java.util.concurrent.ThreadLocalRandom.current");

    private final String base;
    private final List<House.Room> rooms;

    HouseRules(String base, List<House.Room> rooms) {
        this.base = base;
        this.rooms = rooms;
    }

    /** One rule for each room: it uses what it may and nothing else. */
    List<ArchRule> dependencies() {
        return rooms.stream().map(this::dependencies).toList();
    }

    private ArchRule dependencies(House.Room room) {
        Set<String> reach = House.reach(rooms, room.name());
        List<String> libraries = new ArrayList<>();
        room.libraries().forEach(library -> libraries.addAll(House.LIBRARIES.get(library)));
        return classes()
                .that(are("in " + room.name(), type -> isIn(type, room.name())))
                .should()
                .onlyDependOnClassesThat(
                        are(
                                "in " + reach + ", or of " + room.libraries(),
                                type -> mayUse(type, reach, libraries)))
                .allowEmptyShould(true);
    }

    private boolean mayUse(JavaClass type, Set<String> reach, List<String> libraries) {
        String name = type.getBaseComponentType().getName();
        if (name.startsWith(base + ".")) {
            return roomOf(type.getBaseComponentType()).map(reach::contains).orElse(false);
        }
        boolean forAll = startsWithAny(name, House.FOR_ALL);
        return type.getBaseComponentType().isPrimitive()
                || startsWithAny(name, libraries)
                || (forAll && !startsWithAny(name, House.NOT_FOR_ALL));
    }

    /** A package of the house that is no room's. */
    ArchRule nothingOutsideTheRooms() {
        return classes()
                .that(are("of the house", type -> type.getName().startsWith(base + ".")))
                .should()
                .beAssignableTo(are("in a room", type -> roomOf(type).isPresent()));
    }

    /** Only a process's own main ends it. */
    ArchRule onlyMainsExit() {
        return noClasses()
                .that(are("without a main", type -> !hasMain(type)))
                .should()
                .accessTargetWhere(uses(EXITS));
    }

    /** Rooms that decide get time and chance as arguments. */
    ArchRule pureRoomsReadNoClock(Set<String> pure) {
        return noClasses()
                .that(are("in " + pure, type -> roomOf(type).map(pure::contains).orElse(false)))
                .should()
                .accessTargetWhere(uses(CLOCKS_AND_DICE))
                .allowEmptyShould(true);
    }

    /** Tests wait for a signal, never for time to pass. */
    static ArchRule noSleep() {
        return noClasses().should().accessTargetWhere(uses(SLEEPS)).allowEmptyShould(true);
    }

    /** The innermost room whose package this class is in, or below. */
    Optional<String> roomOf(JavaClass type) {
        return rooms.stream()
                .map(House.Room::name)
                .filter(room -> isIn(type, room))
                .max(Comparator.comparingInt(String::length));
    }

    /** Classes that lie in another folder than their package's room. */
    List<String> strangers(Stream<JavaClass> types, Map<String, String> folderOfRoom) {
        return types.flatMap(type -> stranger(type, folderOfRoom).stream()).sorted().toList();
    }

    private Optional<String> stranger(JavaClass type, Map<String, String> folderOfRoom) {
        String source = type.getSource().map(from -> from.getUri().toString()).orElse("");
        String folder = roomOf(type).map(folderOfRoom::get).orElse("no room");
        return source.contains("/" + folder + "/target/")
                ? Optional.empty()
                : Optional.of("%s lies in %s, not in %s".formatted(type.getName(), source, folder));
    }

    private boolean isIn(JavaClass type, String room) {
        String name = base + "." + room;
        String of = type.getPackageName();
        return of.equals(name) || of.startsWith(name + ".");
    }

    private static boolean hasMain(JavaClass type) {
        return type.getMethods().stream()
                .anyMatch(
                        method ->
                                method.getName().equals("main")
                                        && method.getModifiers().contains(JavaModifier.STATIC));
    }

    private static boolean startsWithAny(String name, List<String> starts) {
        return starts.stream().anyMatch(name::startsWith);
    }

    private static <T> DescribedPredicate<T> are(String description, Predicate<T> test) {
        return describe(description, test);
    }

    private static DescribedPredicate<JavaAccess<?>> uses(Set<String> names) {
        return describe("use " + names, access -> names.contains(nameOf(access.getTarget())));
    }

    /** The method's name; with `Clock` as its argument `Instant.now` is another one. */
    private static String nameOf(AccessTarget target) {
        String name = target.getOwner().getName() + "." + target.getName();
        return target instanceof CodeUnitAccessTarget unit
                        && target.getName().equals("now")
                        && !unit.getRawParameterTypes().isEmpty()
                ? name + "(clock)"
                : name;
    }
}
