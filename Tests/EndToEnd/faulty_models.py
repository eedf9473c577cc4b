"""Faults that people make when they convert a face model, planted into a copy of it: `plant(FAULT, source, target)`."""
import numpy as np
import onnx
from onnx import helper, numpy_helper


def _constant(model, name, array):
    model.graph.initializer.append(numpy_helper.from_array(np.asarray(array), name))
    return name


def _in_front(model, *nodes, of_convolution=False):
    """Puts nodes behind the image, or in front of the first convolution; the first takes 'image', the last gives
    'fault.changed'."""
    first = next(node for node in model.graph.node if node.op_type == "Conv")
    image = first.input[0] if of_convolution else model.graph.input[0].name
    for node in model.graph.node:
        for place, name in enumerate(node.input):
            if name == image:
                node.input[place] = "fault.changed"
    start = list(model.graph.node).index(first) if of_convolution else 0
    for place, node in enumerate(nodes):
        for number, name in enumerate(node.input):
            if name == "image":
                node.input[number] = image
        model.graph.node.insert(start + place, node)


def _behind(model, *nodes):
    """Puts nodes behind the embedding; the first take 'fault.embedding'."""
    output = model.graph.output[0].name
    for node in model.graph.node:
        for place, name in enumerate(node.output):
            if name == output:
                node.output[place] = "fault.embedding"
    model.graph.node.extend(nodes)
    return output


def channels_swapped(model):
    _constant(model, "fault.order", np.array([2, 1, 0]))
    _in_front(model, helper.make_node("Gather", ["image", "fault.order"], ["fault.changed"], axis=1),
              of_convolution=True)


def normalised_twice(model):
    _constant(model, "fault.mean", np.float32(127.5))
    _constant(model, "fault.factor", np.float32(1 / 127.5))
    _in_front(model, helper.make_node("Sub", ["image", "fault.mean"], ["fault.centred"]),
              helper.make_node("Mul", ["fault.centred", "fault.factor"], ["fault.changed"]))


def swapped_and_normalised_twice(model):
    """In front of the graph's own normalisation, a swap hides it: it is added once more when the model is prepared."""
    _constant(model, "fault.order", np.array([2, 1, 0]))
    _in_front(model, helper.make_node("Gather", ["image", "fault.order"], ["fault.changed"], axis=1))


def mirrored(model):
    _constant(model, "fault.columns", np.arange(111, -1, -1))
    _in_front(model, helper.make_node("Gather", ["image", "fault.columns"], ["fault.changed"], axis=3),
              of_convolution=True)


def scaled_by(factor):
    """The first convolution's weights times a factor: an input divided by another number, without a node that tells so."""
    def fault(model):
        first = next(node for node in model.graph.node if node.op_type == "Conv")
        weight = next(tensor for tensor in model.graph.initializer if tensor.name == first.input[1])
        weight.CopyFrom(numpy_helper.from_array((numpy_helper.to_array(weight) * factor).astype(np.float32), weight.name))
    return fault


def scale_127_5_for_128(model):
    """For a graph that multiplies by 1/128 itself."""
    constant = next(tensor for tensor in model.graph.initializer
                    if tensor.data_type == 1 and numpy_helper.to_array(tensor).size == 1
                    and abs(float(numpy_helper.to_array(tensor).ravel()[0]) - 1 / 128) < 1e-7)
    array = np.full_like(numpy_helper.to_array(constant), 1 / 127.5)
    constant.CopyFrom(numpy_helper.from_array(array, constant.name))


def all_epsilons(value):
    def fault(model):
        for node in model.graph.node:
            if node.op_type == "BatchNormalization":
                for attribute in list(node.attribute):
                    if attribute.name == "epsilon":
                        node.attribute.remove(attribute)
                node.attribute.append(helper.make_attribute("epsilon", value))
    return fault


def nan_weight(model):
    """One number of the last BatchNormalization's scale; the weight's name is `nan_name(model)`."""
    name = nan_name(model)
    tensor = next(tensor for tensor in model.graph.initializer if tensor.name == name)
    array = numpy_helper.to_array(tensor).copy()
    array.flat[array.size // 2] = np.nan
    tensor.CopyFrom(numpy_helper.from_array(array, name))


def nan_name(model):
    return [node for node in model.graph.node if node.op_type == "BatchNormalization"][-1].input[1]


def rows_exchanged(model):
    """The first two rows of a batch change places, where it has two: row i is taken from min(N − 1, i ± 1)."""
    for name, value in [("zero", 0), ("one", 1), ("first", [0])]:
        _constant(model, f"fault.{name}", np.array(value, np.int64))
    output = _behind(model)
    make = helper.make_node
    model.graph.node.extend([
        make("Shape", ["fault.embedding"], ["fault.shape"]),
        make("Gather", ["fault.shape", "fault.zero"], ["fault.count"], axis=0),
        make("Range", ["fault.zero", "fault.count", "fault.one"], ["fault.rows"]),
        make("Equal", ["fault.rows", "fault.zero"], ["fault.is0"]), make("Cast", ["fault.is0"], ["fault.plus"], to=7),
        make("Equal", ["fault.rows", "fault.one"], ["fault.is1"]), make("Cast", ["fault.is1"], ["fault.minus"], to=7),
        make("Add", ["fault.rows", "fault.plus"], ["fault.up"]), make("Sub", ["fault.up", "fault.minus"], ["fault.both"]),
        make("Sub", ["fault.count", "fault.one"], ["fault.last"]),
        make("Min", ["fault.both", "fault.last"], ["fault.order"]),
        make("Gather", ["fault.embedding", "fault.order"], [output], axis=0),
    ])


def plant(fault, source, target):
    model = onnx.load(source)
    fault(model)
    onnx.save(model, target)
    return target
