// Action recognition as a web service on ONNX Runtime: no libtorch among its files.
//
//   dotnet run -c Release --project examples/ServeWithOnnx -- --Model results/mofo.onnx [--urls http://localhost:5080] [--MaxMegabytes 50] ...
//
// The model comes from ConvertMofoToOnnx; examples/ActionRecognition writes one to results/mofo.onnx. Then open the address in a browser, or
//
//   curl -F video=@clip.mp4 http://localhost:5080/predict
using ServeWithOnnx;

return await Service.RunAsync(args);
