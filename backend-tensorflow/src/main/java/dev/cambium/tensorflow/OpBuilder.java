package dev.cambium.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_AddControlInput;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_AddInput;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_AddInputList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_FinishOperation;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewOperation;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrBool;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrInt;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrIntList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrShape;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrString;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrType;

import java.util.Collection;
import java.util.List;

import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_OperationDescription;
import org.tensorflow.internal.c_api.TF_Output;
import org.tensorflow.internal.c_api.TF_Tensor;

import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;

/** Writes one operation into a TensorFlow graph: inputs in order, then attributes that don't follow from them. */
final class OpBuilder {
    private final Status status;
    private final TF_OperationDescription description;

    OpBuilder(TF_Graph graph, Status status, String type, String name) {
        this.status = status;
        description = TF_NewOperation(graph, type, name);
    }

    OpBuilder input(Output... outputs) {
        try (TF_Output pointer = new TF_Output()) {
            for (Output output : outputs) {
                TF_AddInput(description, pointer.oper(output.operation()).index(output.index()));
            }
        }
        return this;
    }

    /** One input that is a list. */
    OpBuilder inputs(List<Output> outputs) {
        try (TF_Output array = array(outputs)) {
            TF_AddInputList(description, array, outputs.size());
        }
        return this;
    }

    static TF_Output array(List<Output> outputs) {
        TF_Output array = new TF_Output(outputs.size());
        for (int i = 0; i < outputs.size(); i++) {
            array.position(i).oper(outputs.get(i).operation()).index(outputs.get(i).index());
        }
        return array.position(0);
    }

    /** Runs after the given operations. */
    OpBuilder after(Collection<Output> outputs) {
        outputs.forEach(output -> TF_AddControlInput(description, output.operation()));
        return this;
    }

    OpBuilder attribute(String name, long value) {
        TF_SetAttrInt(description, name, value);
        return this;
    }

    OpBuilder attribute(String name, long... values) {
        TF_SetAttrIntList(description, name, values, values.length);
        return this;
    }

    OpBuilder attribute(String name, boolean value) {
        TF_SetAttrBool(description, name, (byte) (value ? 1 : 0));
        return this;
    }

    OpBuilder attribute(String name, String value) {
        try (BytePointer bytes = new BytePointer(value)) {
            TF_SetAttrString(description, name, bytes, value.length());
        }
        return this;
    }

    OpBuilder attribute(String name, Shape value) {
        TF_SetAttrShape(description, name, Elements.dims(value), value.rank());
        return this;
    }

    /** An attribute that is an element type, in TensorFlow's numbering. */
    OpBuilder type(String name, int code) {
        TF_SetAttrType(description, name, code);
        return this;
    }

    OpBuilder attribute(String name, NdArray value) {
        TF_Tensor tensor = Elements.copyIn(value);
        try {
            TF_SetAttrTensor(description, name, tensor, status.pointer());
            status.check();
        } finally {
            TF_DeleteTensor(tensor);
        }
        return this;
    }

    /** The operation's first result. */
    Output build() {
        TF_Operation operation = TF_FinishOperation(description, status.pointer());
        status.check();
        return new Output(operation, 0);
    }
}
