package io.runnel.exec.forecast.replay;

import io.runnel.exec.forecast.Forecast;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A period that a task was found to have, as it stood when the trace ended.
 *
 * @param task the task's name
 * @param forecast the period
 */
public record FoundPeriod(String task, Forecast forecast) {
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("task", task);
        map.put("state", forecast.state().name().toLowerCase(Locale.ROOT));
        map.put("periodMs", forecast.periodMs());
        map.put("jitterMs", forecast.jitterMs());
        map.put("degree", forecast.degree());
        map.put("amount", forecast.amount());
        map.put("nextMs", forecast.expectedMs());
        map.put("hits", forecast.hits());
        map.put("misses", forecast.misses());
        return map;
    }
}
