export { int, join, part, text, varint } from './protobuf.ts';
export { node, onnxFile, outsideTensor, port, tensor } from './onnx-file.ts';
export { hermesCall, writeScriptedModel, type ScriptedModel } from './scripted-model.ts';
