using System.Runtime.CompilerServices;

// Every native signature here is plain numbers, pointers and generated SafeHandle code; the run time has nothing left to convert.
[assembly: DisableRuntimeMarshalling]
