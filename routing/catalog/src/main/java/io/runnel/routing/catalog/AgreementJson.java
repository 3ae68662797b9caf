package io.runnel.routing.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskRef;

/** Agreements as JSON. */
final class AgreementJson {
    private AgreementJson() {}

    static void write(ObjectNode json, AgreementRecord agreement) {
        json.put("account", agreement.account().value());
        json.put("owner", agreement.task().account().value());
        json.put("task", agreement.task().name().value());
        json.put("text", agreement.text());
    }

    static AgreementRecord read(JsonFields fields) {
        return new AgreementRecord(
                fields.value("account", AccountId::new),
                TaskRef.of(fields.text("owner"), fields.text("task")),
                fields.text("text"));
    }
}
