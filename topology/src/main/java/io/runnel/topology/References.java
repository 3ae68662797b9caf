package io.runnel.topology;

import io.runnel.topology.Fields.Placed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names of a file and what refers to them. Names are taken as they are read; references are
 * held against them at the end, when all names are known.
 */
final class References {
    /** What has a name. */
    enum Kind {
        REGION("region"),
        NODE("node"),
        POP("POP");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    private record Named(Kind kind, Mark at) {}

    private final Problems problems;
    private final Map<String, Named> names = new HashMap<>();
    private final List<Runnable> checks = new ArrayList<>();
    private boolean regionsUnknown;

    References(Problems problems) {
        this.problems = problems;
    }

    /** A region could not be named: what refers to a region is not to be held against the rest. */
    void missRegions() {
        regionsUnknown = true;
    }

    void name(Kind kind, Placed<?> placed) {
        String name = placed.value().toString();
        Named before = names.putIfAbsent(name, new Named(kind, placed.at()));
        if (before != null) {
            problems.add(
                    placed.at(),
                    placed.path(),
                    "name must be unique: '%s' is the %s at %s"
                            .formatted(name, before.kind.word, before.at));
        }
    }

    void region(Placed<?> reference) {
        checks.add(() -> checkRegion(reference));
    }

    void linkStart(Placed<String> reference) {
        checks.add(() -> checkLinkStart(reference));
    }

    void linkEnd(Placed<String> reference) {
        checks.add(() -> checkLinkEnd(reference));
    }

    void check() {
        checks.forEach(Runnable::run);
    }

    private void checkRegion(Placed<?> reference) {
        String name = reference.value().toString();
        if (kind(name).filter(k -> k == Kind.REGION).isEmpty() && !regionsUnknown) {
            problems.add(reference.at(), reference.path(), unknown("region", name, Kind.REGION));
        }
    }

    private void checkLinkStart(Placed<String> reference) {
        String name = reference.value();
        Optional<Kind> kind = kind(name);
        if (kind.filter(k -> k == Kind.NODE).isPresent()) {
            tellNoNode(reference);
        } else if (kind.isEmpty() && !regionsUnknown) {
            problems.add(
                    reference.at(),
                    reference.path(),
                    unknown("POP or region", name, Kind.REGION, Kind.POP));
        }
    }

    private void checkLinkEnd(Placed<String> reference) {
        Optional<Kind> kind = kind(reference.value());
        if (kind.filter(k -> k == Kind.POP).isPresent()) {
            problems.add(
                    reference.at(),
                    reference.path(),
                    "a link must lead to a region: '%s' is a POP".formatted(reference.value()));
        } else if (kind.filter(k -> k == Kind.NODE).isPresent()) {
            tellNoNode(reference);
        } else {
            checkRegion(reference);
        }
    }

    private void tellNoNode(Placed<String> reference) {
        problems.add(
                reference.at(),
                reference.path(),
                "a link must end at a POP or region: '%s' is a node".formatted(reference.value()));
    }

    private Optional<Kind> kind(String name) {
        return Optional.ofNullable(names.get(name)).map(Named::kind);
    }

    private String unknown(String what, String name, Kind... kinds) {
        if (problems.isFull()) {
            return "unknown name";
        }
        Set<String> known = new LinkedHashSet<>();
        names.forEach(
                (candidate, named) -> {
                    if (List.of(kinds).contains(named.kind)) {
                        known.add(candidate);
                    }
                });
        return "there is no %s '%s'%s"
                .formatted(what, Shown.text(name), Suggestion.question(name, known));
    }
}
