package io.runnel.chaos.suite;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What calls that failed were told. Computes only. */
final class Failures {
    private static final int MOST = 12;

    private Failures() {}

    /** How many were told what by which stream, the most frequent first, at most a dozen. */
    static Map<String, Long> said(Collection<Call> calls) {
        Map<String, Long> counts =
                calls.stream()
                        .filter(call -> !call.isAnswered())
                        .collect(
                                Collectors.groupingBy(
                                        call -> call.stream().name() + ": " + call.why(),
                                        TreeMap::new,
                                        Collectors.counting()));
        Map<String, Long> first = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(MOST)
                .forEach(entry -> first.put(entry.getKey(), entry.getValue()));
        return first;
    }
}
