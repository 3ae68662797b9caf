package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How far a version has come. */
record Rollout(List<Place> places) {
    /** Of a version that nobody waits for. */
    static final Rollout NOT_WAITED_FOR = new Rollout(List.of());

    /**
     * A POP or region.
     *
     * @param name {@code pop/ams} or {@code region/eu-west}
     * @param state {@code waiting}, {@code done} or {@code unknown}
     * @param millis since it was published, until it was done or now
     */
    record Place(String name, String state, double millis) {
        boolean isDone() {
            return state.equals("done");
        }

        /** {@code pop/ams done 12 ms}. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%-18s %-8s %5.0f ms", name, state, millis);
        }
    }

    Rollout {
        places = List.copyOf(places);
    }

    static Rollout of(JsonNode answer) {
        List<Place> places = new ArrayList<>();
        for (JsonNode place : answer.path("places")) {
            places.add(
                    new Place(
                            place.path("place").asText(),
                            place.path("state").asText(),
                            place.path("milliseconds").asDouble()));
        }
        return new Rollout(places);
    }

    /** Whether nobody who was heard of is still without it. */
    boolean isSettled() {
        return places.stream().noneMatch(p -> p.state().equals("waiting"));
    }

    /** Whether everybody has it. */
    boolean isDone() {
        return missing().isEmpty();
    }

    /** Who does not have it: still waiting, or not heard of lately. */
    List<Place> missing() {
        return places.stream().filter(p -> !p.isDone()).toList();
    }

    ArrayNode json() {
        ArrayNode json = Json.array();
        for (Place place : places) {
            json.addObject()
                    .put("place", place.name())
                    .put("state", place.state())
                    .put("milliseconds", place.millis());
        }
        return json;
    }
}
