package dev.cambium.tck;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cambium.backend.Backend;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/** Rows looked up in a table and added to one. */
abstract class TableChecks {
    private record Case(Shape table, Shape indices) {}

    private static final List<Case> CASES = List.of(new Case(Shape.of(5), Shape.scalar()),
            new Case(Shape.of(5), Shape.of(3)), new Case(Shape.of(5, 4), Shape.of(2, 3)),
            new Case(Shape.of(5, 4, 2), Shape.of(0)), new Case(Shape.of(0, 4), Shape.of(0)),
            new Case(Shape.of(5, 0), Shape.of(7)), new Case(Shape.of(1, 3), Shape.of(9)),
            new Case(Shape.of(30, 33), Shape.of(40, 41)));

    @AutoClose
    private final Backend backend;

    TableChecks(Backend backend) {
        this.backend = backend;
    }

    private static Map<String, NdArray> inputs(int rows, Tensor... tensors) {
        Map<String, NdArray> inputs = new HashMap<>(Values.forInputsOf(tensors));
        inputs.computeIfPresent("indices", (_, value) -> indices(value.type(), rows));
        return inputs;
    }

    private static NdArray indices(TensorType type, int rows) {
        long[] values = new long[Math.toIntExact(type.shape().size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 7919L + 3) % Math.max(1, rows);
        }
        return NdArray.of(type.shape(), values);
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void rows_by_index(Layout layout) {
        for (Case each : CASES) {
            Tensor table = layout.of("table", new TensorType(DType.FLOAT32, each.table()));
            Tensor indices = layout.of("indices", new TensorType(DType.INT64, each.indices()));
            Agreement.EXACT.check(backend, table.gather(indices), inputs(each.table().dim(0), table, indices));
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void rows_of_any_type(DType dtype) {
        Tensor table = Tensor.input("table", new TensorType(dtype, Shape.of(6, 3)));
        Tensor indices = Tensor.input("indices", new TensorType(DType.INT64, Shape.of(4)));
        Agreement.EXACT.check(backend, table.gather(indices), inputs(6, table, indices));
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void rows_added_in_order(Layout layout) {
        for (Case each : CASES) {
            Tensor table = layout.of("table", new TensorType(DType.FLOAT32, each.table()));
            Tensor indices = layout.of("indices", new TensorType(DType.INT64, each.indices()));
            Tensor rows = layout.of("rows", table.gather(indices).type());
            Agreement.sumsOf(each.indices().size()).check(backend, table.scatterAdd(indices, rows),
                    inputs(each.table().dim(0), table, indices, rows));
        }
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"UINT8", "INT32", "INT64", "FLOAT64"})
    void rows_of_other_types_added_in_order(DType dtype) {
        Tensor table = Tensor.input("table", new TensorType(dtype, Shape.of(6, 3)));
        Tensor indices = Tensor.input("indices", new TensorType(DType.INT64, Shape.of(40)));
        Tensor rows = Tensor.input("rows", new TensorType(dtype, Shape.of(40, 3)));
        Agreement.SUMS.check(backend, table.scatterAdd(indices, rows), inputs(6, table, indices, rows));
    }

    @Test
    void a_table_that_was_just_computed() {
        Tensor table = Tensor.input("table", new TensorType(DType.FLOAT32, Shape.of(30, 700)));
        Tensor indices = Tensor.input("indices", new TensorType(DType.INT64, Shape.of(25)));
        Tensor rows = table.mul(2).gather(indices.add(1).sub(1)).neg();
        Agreement.SUMS.check(backend, table.add(1).scatterAdd(indices, rows).mul(3), inputs(30, table, indices));
    }
}
