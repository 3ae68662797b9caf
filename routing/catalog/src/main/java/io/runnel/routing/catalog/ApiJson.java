package io.runnel.routing.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.TaskRef;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** APIs and their revisions as JSON. */
final class ApiJson {
    private static final String ACCOUNT = "account";
    private static final String API = "api";

    private ApiJson() {}

    static void write(ObjectNode json, ApiRecord api) {
        json.put(ACCOUNT, api.name().account().value());
        json.put(API, api.name().name().value());
        json.put("newest", api.newest());
        ObjectNode stages = json.putObject("stages");
        api.stages()
                .forEach(
                        (name, stage) -> {
                            ObjectNode one = stages.putObject(name);
                            one.put("revision", stage.revision());
                            if (stage.before() > 0) {
                                one.put("before", stage.before());
                            }
                        });
    }

    static ApiRecord read(JsonFields fields) {
        Map<String, ApiStage> stages = new TreeMap<>();
        fields.fields("stages").objects().forEach((name, one) -> stages.put(name, stage(one)));
        return new ApiRecord(name(fields), fields.smallNumber("newest"), stages);
    }

    private static ApiStage stage(JsonFields one) {
        return new ApiStage(
                one.smallNumber("revision"), one.has("before") ? one.smallNumber("before") : 0);
    }

    static void write(ObjectNode json, ApiRevisionRecord revision) {
        json.put(ACCOUNT, revision.api().account().value());
        json.put(API, revision.api().name().value());
        json.put("revision", revision.revision());
        json.put("createdMs", revision.created().toEpochMilli());
        json.put("document", revision.document().packed());
    }

    static ApiRevisionRecord readRevision(JsonFields fields) {
        return new ApiRevisionRecord(
                name(fields),
                fields.smallNumber("revision"),
                Instant.ofEpochMilli(fields.wholeNumber("createdMs")),
                new PackedText(fields.text("document")));
    }

    private static TaskRef name(JsonFields fields) {
        return TaskRef.of(fields.text(ACCOUNT), fields.text(API));
    }
}
